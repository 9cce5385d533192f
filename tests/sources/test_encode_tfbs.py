"""Metadata of ENCODE's ids, the committed sheet of all 690, and the addresses of their files."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepprune.errors import InputError
from deepprune.sources.encode_tfbs import (
    CELLS,
    COLUMNS,
    JOINED,
    LABS,
    PROTEINS,
    address,
    encode_row,
    encode_sheet,
    fetched_row,
)

ROOT = Path(__file__).resolve().parents[2]
SHEET = ROOT / "resources" / "datasets.tsv"
SHARED = ROOT.parent / "shared" / "data"
IDS = [line.split("\t")[0] for line in SHEET.read_text().splitlines()[1:]]


def told(middle: str) -> str:
    """Return what the part of an id between prefix and suffix tells, in the columns' order."""
    row = encode_row(f"wgEncodeAwgTfbs{middle}UniPk")
    return "|".join(row[column] for column in ("target", "cell_type", "treatment", "antibody", "protocol", "lab"))


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        # plain, of each lab
        ("UwK562Ctcf", "CTCF|K562||||UW"),
        ("UtaFibroblCtcf", "CTCF|Fibrobl||||UT-A"),
        ("BroadHsmmtCtcf", "CTCF|HSMMtube||||Broad"),
        ("UchicagoK562Egata2", "GATA2|K562||eGFP-GATA2||UChicago"),
        ("UchicagoK562Efos", "FOS|K562||eGFP-FOS||UChicago"),
        # numbers that run into the protein's own
        ("SydhGm12878Elk112771Iggmus", "ELK1|GM12878||1277-1|IgG-mus|SYDH"),
        ("BroadDnd41Ezh239875", "EZH2|Dnd41||39875||Broad"),
        ("BroadK562Sap3039731", "SAP30|K562||39731||Broad"),
        ("HaibK562Bclaf101388Pcr1x", "BCLAF1|K562||sc-101388|PCR1x|HudsonAlpha"),
        ("SydhK562Atf106325", "ATF1|K562||06-325||SYDH"),
        ("SydhHelas3Prdm19115Iggrab", "PRDM1|HeLa-S3||9115|IgG-rab|SYDH"),
        ("SydhGm12878Znf143166181ap", "ZNF143|GM12878||16618-1-AP||SYDH"),
        ("SydhHelas3Rfx5200401194Iggrab", "RFX5|HeLa-S3||200-401-194|IgG-rab|SYDH"),
        # catalogue numbers by maker
        ("BroadH1hescChd1a301218a", "CHD1|H1-hESC||A301-218A||Broad"),
        ("BroadH1hescJarid1aab26049", "KDM5A|H1-hESC||JARID1A ab26049||Broad"),
        ("SydhGm12878Mazab85725Iggmus", "MAZ|GM12878||ab85725|IgG-mus|SYDH"),
        ("SydhK562Ubtfsab1404509Iggmus", "UBTF|K562||SAB1404509|IgG-mus|SYDH"),
        ("SydhK562Tblr1nb600270Iggrab", "TBL1XR1|K562||TBLR1 NB600-270|IgG-rab|SYDH"),
        ("SydhK562Bhlhe40nb100Iggrab", "BHLHE40|K562||NB100|IgG-rab|SYDH"),
        ("SydhHepg2Brca1a300Iggrab", "BRCA1|HepG2||A300|IgG-rab|SYDH"),
        ("SydhHelas3Zkscan1hpa006672Iggrab", "ZKSCAN1|HeLa-S3||HPA006672|IgG-rab|SYDH"),
        ("HaibHepg2Hnf4asc8987V0416101", "HNF4A|HepG2||sc-8987|v041610.1|HudsonAlpha"),
        ("SydhHelas3P300sc584sc584Iggrab", "EP300|HeLa-S3||p300 sc-584|IgG-rab|SYDH"),
        # proteins that ENCODE calls otherwise, polymerases, tags
        ("HaibGm12878NrsfPcr1x", "REST|GM12878||NRSF|PCR1x|HudsonAlpha"),
        ("HaibGm12878Pol24h8Pcr1x", "POLR2A|GM12878||Pol2 4H8|PCR1x|HudsonAlpha"),
        ("SydhA549Pol2s2Iggrab", "POLR2A|A549||Pol2 phosphoS2|IgG-rab|SYDH"),
        ("BroadHuvecPol2b", "POLR2A|HUVEC||Pol2 B||Broad"),
        ("SydhGm12878Pol3", "POLR3G|GM12878||Pol3||SYDH"),
        ("SydhMcf7Hae2f1Ucd", "E2F1|MCF-7||HA-E2F1|UC Davis control|SYDH"),
        ("HaibK562Sin3ak20V0416101", "SIN3A|K562||K-20|v041610.1|HudsonAlpha"),
        # names that only look as if they ended in an antibody
        ("HaibGm12878Bcl11aPcr1x", "BCL11A|GM12878|||PCR1x|HudsonAlpha"),
        ("SydhK562Gtf2b", "GTF2B|K562||||SYDH"),
        ("SydhHelas3Tf3c110", "GTF3C2|HeLa-S3||TFIIIC-110||SYDH"),
        # treatments, before and after the protocol
        ("HaibA549GrPcr1xDex500pm", "NR3C1|A549|DEX_500pM|GR|PCR1x|HudsonAlpha"),
        ("HaibA549Usf1V0422111Etoh02", "USF1|A549|EtOH_0.02pct||v042211.1|HudsonAlpha"),
        ("HaibEcc1EralphaaV0416102Est10nm1h", "ESR1|ECC-1|Estradiol_10nM|ERalpha A|v041610.2|HudsonAlpha"),
        ("SydhK562Stat1Ifng30", "STAT1|K562|IFNg30|||SYDH"),
        ("SydhGm19193NfkbTnfaIggrab", "RELA|GM19193|TNFa|NFKB|IgG-rab|SYDH"),
        ("SydhMcf10aesCfosTam112hHvd", "FOS|MCF10A-Er-Src|4OHTAM_1uM_12hr|c-Fos|Harvard control|SYDH"),
        ("SydhHepg2Grp20Forskln", "NR3C1|HepG2|forskolin|GR P-20||SYDH"),
        ("UtaMcf7CmycSerumstvd", "MYC|MCF-7|serum_starved_media|c-Myc||UT-A"),
        # two protocols, and words that no id of the 690 has
        ("SydhK562Setdb1MnasedUcd", "SETDB1|K562|||MNaseD UC Davis control|SYDH"),
        ("SydhK562Atf3Std", "ATF3|K562|||standard control|SYDH"),
        ("SydhK562Atf3Pfa1", "ATF3|K562|Pfa1|||SYDH"),
        ("DukeXyz1Abc2sc5", "ABC2|XYZ1||sc-5||Duke"),
    ],
)
def test_odd_ids(middle: str, expected: str) -> None:
    assert told(middle) == expected


@pytest.mark.parametrize(
    "id", ["", "CTCF", "wgEncodeAwgTfbsUniPk", "wgEncodeAwgTfbsUwK562UniPk", "wgEncodeAwgTfbsUwK562Ctcf", "wgEncodeX_Y"]
)
def test_other_names_are_refused(id: str) -> None:
    with pytest.raises(InputError, match="is no id of ENCODE's uniform peaks"):
        encode_row(id)


def test_the_committed_sheet_is_what_the_ids_tell() -> None:
    assert len(IDS) == len(set(IDS)) == 690
    assert SHEET.read_text() == encode_sheet(IDS)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
def test_the_committed_sheet_has_the_ids_of_the_list() -> None:
    assert (SHARED / "encode690.txt").read_text().split() == IDS


def test_the_690_are_told_apart_and_hold_no_unknown_word() -> None:
    rows = [encode_row(id) for id in IDS]
    assert len({tuple(row.values())[4:] for row in rows}) == 690
    assert {row["lab"] for row in rows} == set(LABS.values())
    assert (len({row["target"] for row in rows}), len({row["cell_type"] for row in rows})) == (158, 91)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", row["target"]) for row in rows)
    assert not {row["treatment"] for row in rows} & {"Tam", "Veh", "Estro"}
    words = [re.findall(r"[A-Z][a-z0-9]*", id.removeprefix("wgEncodeAwgTfbs").removesuffix("UniPk")) for id in IDS]
    assert set(CELLS) <= {cell for _, cell, *_ in words}
    factors = {factor.lower() for _, _, factor, *_ in words}
    assert set(JOINED) <= factors
    assert set(PROTEINS) <= factors | {protein for protein, _ in JOINED.values()} | {
        "jarid1a",
        "corest",
        "tblr1",
        "ubf",
    }


@given(st.lists(st.from_regex(r"[A-Z][a-z0-9]{0,12}", fullmatch=True), min_size=3, max_size=6))
def test_any_words_give_a_row(words: list[str]) -> None:
    row = encode_row(f"wgEncodeAwgTfbs{''.join(words)}UniPk")
    assert tuple(row) == COLUMNS
    assert row["target"] and row["cell_type"] and row["lab"]
    assert not any(set("\t\n") & set(cell) for cell in row.values())


def test_rows_become_those_of_their_source() -> None:
    row = encode_row(IDS[0]) | {"negatives": ""}
    peaks = fetched_row(row, "ucsc")
    assert (peaks["format"], peaks["genome"]) == ("narrowpeak", "resources/downloads/ucsc/hg19/bigZips/hg19.fa.gz")
    assert peaks["path"].endswith(f"/hg19/encodeDCC/wgEncodeAwgTfbsUniform/{IDS[0]}.narrowPeak.gz")
    assert fetched_row(row | {"genome": "g.fa"}, "ucsc")["genome"] == "g.fa"
    own = fetched_row(row | {"path": "kerasGenomicsExample", "genome": "g.fa"}, "csail")
    assert (own["format"], own["genome"]) == ("csail", "")
    assert own["path"] == "resources/downloads/csail/kerasGenomicsExample"
    assert {key: own[key] for key in ("dataset", "target", "lab")} == {
        key: row[key] for key in ("dataset", "target", "lab")
    }


def test_rows_of_occupancy_keep_their_format_or_come_from_a_source_of_their_own() -> None:
    row = encode_row(IDS[0]) | {"format": "occupancy", "negatives": ""}
    peaks = fetched_row(row, "ucsc")
    assert peaks == fetched_row(row | {"format": "encode"}, "ucsc") | {"format": "occupancy"}
    own = fetched_row(row, "csail")
    assert (own["format"], own["path"]) == ("csail", f"resources/downloads/csail_occupancy/{IDS[0]}")
    sources = {"csail": "http://one.example", "csail_occupancy": "http://two.example/"}
    assert address(f"{own['path']}/test.data", sources) == f"http://two.example/{IDS[0]}/test.data"


def test_addresses_follow_the_sources() -> None:
    sources = {"ucsc": "https://mirror.example/goldenPath/", "csail": "http://other.example"}
    assert address("resources/downloads/ucsc/hg19/x.gz", sources) == "https://mirror.example/goldenPath/hg19/x.gz"
    assert address("resources/downloads/csail/a/train.data", sources) == "http://other.example/a/train.data"
