"""ENCODE's uniform TF peak sets (hg19).

Metadata encoded in their ids, and the addresses of their files.

An id consists of words that start with a capital, wgEncodeAwgTfbs<Lab><Cell><Factor>[<Protocol>][<Treatment>]UniPk, the
last two in either order, https://genome.ucsc.edu/cgi-bin/hgTrackUi?db=hg19&g=wgEncodeAwgTfbsUniform . The factor is a
protein, often followed without a separator by the catalogue number of its antibody. Names follow ENCODE's own
vocabulary, targets are HGNC symbols.
"""

import re
from collections.abc import Iterable, Mapping

from deepprune.errors import InputError, quoted

PREFIX, SUFFIX = "wgEncodeAwgTfbs", "UniPk"
FORM = f"{PREFIX}<Lab><Cell><Factor>...{SUFFIX}"
DOWNLOADS = "resources/downloads"
GENOME = "hg19/bigZips/hg19.fa.gz"
PEAKS = "hg19/encodeDCC/wgEncodeAwgTfbsUniform"
# Sources of CSAIL's sets, by the format of the row
CSAIL = {"encode": "csail", "occupancy": "csail_occupancy"}
COLUMNS = ("dataset", "format", "path", "genome", "target", "cell_type", "treatment", "antibody", "protocol", "lab")

LABS = {
    "Broad": "Broad",
    "Haib": "HudsonAlpha",
    "Sydh": "SYDH",  # Stanford, Yale, UC Davis (later USC) and Harvard together
    "Uchicago": "UChicago",
    "Uta": "UT-A",
    "Uw": "UW",
}
# Cell types whose name is not the id's word in capitals
CELLS = {
    "Aoaf": "AoAF", "Be2c": "BE2_C", "Caco2": "Caco-2", "Dnd41": "Dnd41", "Ecc1": "ECC-1", "Fibrobl": "Fibrobl",
    "Gliobla": "Gliobla", "H1hesc": "H1-hESC", "Hac": "HAc", "Hasp": "HA-sp", "Hcfaa": "HCFaa", "Hcpe": "HCPEpiC",
    "Hct116": "HCT-116", "Hee": "HEEpiC", "Helas3": "HeLa-S3", "Hepg2": "HepG2", "Hffmyc": "HFF-Myc", "Hl60": "HL-60",
    "Hrpe": "HRPEpiC", "Hsmmt": "HSMMtube", "Mcf10aes": "MCF10A-Er-Src", "Mcf7": "MCF-7", "Nha": "NH-A",
    "Nhdfad": "NHDF-Ad", "Nhdfneo": "NHDF-neo", "Nt2d1": "NT2-D1", "Osteobl": "Osteobl", "Panc1": "PANC-1",
    "Pbdefetal": "PBDEFetal", "Pfsk1": "PFSK-1", "Progfib": "ProgFib", "Raji": "Raji", "Shsy5y": "SH-SY5Y",
    "Sknmc": "SK-N-MC", "Sknsh": "SK-N-SH", "Sknshra": "SK-N-SH_RA", "T47d": "T-47D", "Werirb1": "WERI-Rb-1",
    "Wi38": "WI-38",
}  # fmt: skip
# Proteins whose name in ids is not the HGNC symbol: the symbol, and the usual name
PROTEINS = {
    "ap2alpha": ("TFAP2A", "AP-2alpha"), "ap2gamma": ("TFAP2C", "AP-2gamma"), "baf155": ("SMARCC1", "BAF155"),
    "baf170": ("SMARCC2", "BAF170"), "brg1": ("SMARCA4", "BRG1"), "cfos": ("FOS", "c-Fos"), "cjun": ("JUN", "c-Jun"),
    "cmyc": ("MYC", "c-Myc"), "corest": ("RCOR1", "COREST"), "era": ("ESR1", "ERalpha"),
    "eralpha": ("ESR1", "ERalpha"), "erra": ("ESRRA", "ERRA"), "gabp": ("GABPA", "GABP"), "gr": ("NR3C1", "GR"),
    "ini1": ("SMARCB1", "INI1"), "jarid1a": ("KDM5A", "JARID1A"), "kap1": ("TRIM28", "KAP1"),
    "nfkb": ("RELA", "NFKB"), "nrsf": ("REST", "NRSF"), "p300": ("EP300", "p300"), "pgc1a": ("PPARGC1A", "PGC1A"),
    "plu1": ("KDM5B", "PLU1"), "pol2": ("POLR2A", "Pol2"), "pol3": ("POLR3G", "Pol3"), "pu1": ("SPI1", "PU.1"),
    "rpc155": ("POLR3A", "RPC155"), "spt20": ("SUPT20H", "SPT20"), "srebp1": ("SREBF1", "SREBP1"),
    "tblr1": ("TBL1XR1", "TBLR1"), "tf3c110": ("GTF3C2", "TFIIIC-110"), "tr4": ("NR2C2", "TR4"),
    "ubf": ("UBTF", "UBF"), "whip": ("WRNIP1", "WHIP"),
}  # fmt: skip
# Factors that no rule can split into protein and antibody: both parts
JOINED = {
    "atf106325": ("atf1", "06-325"), "bclaf101388": ("bclaf1", "sc-101388"), "bhlhe40c": ("bhlhe40", "C"),
    "ctcfb": ("ctcf", "B"), "ctcfc": ("ctcf", "C"), "ctcfsc15914c20": ("ctcf", "sc-15914 C-20"),
    "elk112771": ("elk1", "1277-1"), "eraa": ("era", "A"), "eralphaa": ("eralpha", "A"), "ezh239875": ("ezh2", "39875"),
    "gata3sc269sc269": ("gata3", "sc-269"), "grp20": ("gr", "P-20"), "hae2f1": ("e2f1", "HA-E2F1"),
    "ikzf1iknucla": ("ikzf1", "IkN UCLA"), "maffm8194": ("maff", "M8194"), "mxi1af4185": ("mxi1", "AF4185"),
    "p300b": ("p300", "B"), "p300sc584sc584": ("p300", "sc-584"), "pax5c20": ("pax5", "C-20"),
    "pax5n19": ("pax5", "N-19"), "pol24h8": ("pol2", "4H8"), "pol2b": ("pol2", "B"), "pol2s2": ("pol2", "phosphoS2"),
    "prdm19115": ("prdm1", "9115"), "rfx5200401194": ("rfx5", "200-401-194"), "sap3039731": ("sap30", "39731"),
    "sin3ak20": ("sin3a", "K-20"), "sp4v20": ("sp4", "V-20"), "tcf7l2c9b92565": ("tcf7l2", "C9B9 2565"),
    "yy1c": ("yy1", "C"), "znf143166181ap": ("znf143", "16618-1-AP"), "znf274m01": ("znf274", "M01"),
}  # fmt: skip
# Catalogue numbers by maker (Santa Cruz, Sigma, Abcam, Novus, Atlas, Bethyl): form in an id, and usual spelling
CATALOGUE = {
    r"sc(\d+)": "sc-{}",
    r"sab(\d+)": "SAB{}",
    r"ab(\d+)": "ab{}",
    r"nb(\d{3})(\d+)": "NB{}-{}",
    r"nb(\d{3})": "NB{}",
    r"hpa(\d+)": "HPA{}",
    r"a(\d{3})(\d{3})a": "A{}-{}A",
    r"a(300)": "A{}",
}
# Words after the factor that name SYDH's controls; HudsonAlpha's protocols are matched by their form
CONTROLS = {
    "Hvd": "Harvard control", "Iggmus": "IgG-mus", "Iggrab": "IgG-rab", "Mnased": "MNaseD", "Std": "standard control",
    "Ucd": "UC Davis control",
}  # fmt: skip
TREATMENTS = {
    "Bpa1h": "BPA_100nM", "Dm002p1h": "DMSO_0.02pct", "Est10nm1h": "Estradiol_10nM", "Estro": "estrogen",
    "Etoh01": "EtOH_0.01pct", "Etoh01b": "EtOH_0.01pct_4hr", "Etoh01c": "EtOH_0.01pct_12hr", "Etoh02": "EtOH_0.02pct",
    "Forskln": "forskolin", "Gen1h": "Genistein_100nM", "Ifna30": "IFNa30", "Ifna6h": "IFNa6h", "Ifng30": "IFNg30",
    "Ifng6h": "IFNg6h", "Insln": "insulin", "Serumstim": "serum_stimulated_media",
    "Serumstvd": "serum_starved_media", "Tam": "4OHTAM_1uM_36hr", "Tam112h": "4OHTAM_1uM_12hr",
    "Tam14h": "4OHTAM_1uM_4hr", "Tnfa": "TNFa", "Veh": "vehicle",
}  # fmt: skip


def encode_row(id: str) -> dict[str, str]:
    """Return an ENCODE id as a row of the data-set sheet; an unknown word is used as it is.

    treatment: "" if none.  antibody: the target's other name, if the id has one, and the catalogue number or clone.
    protocol: HudsonAlpha's PCR cycles or version, SYDH's control.  InputError if the id is not of the form above.
    """
    words = re.findall(r"[A-Z][a-z0-9]*", id.removeprefix(PREFIX).removesuffix(SUFFIX))
    if f"{PREFIX}{''.join(words)}{SUFFIX}" != id or len(words) < 3:
        raise InputError(f"{quoted(id)} is no id of ENCODE's uniform peaks; they read {FORM}")
    lab, cell, factor, *rest = words
    target, antibody = split_factor(factor.lower(), tagged=lab == "Uchicago")
    protocols = [protocol(word) for word in rest]
    cells = {
        "dataset": id,
        "format": "encode",
        "target": target,
        "cell_type": CELLS.get(cell, cell.upper()),
        "treatment": " ".join(treatment(word) for word, known in zip(rest, protocols, strict=True) if not known),
        "antibody": antibody,
        "protocol": " ".join(filter(None, protocols)),
        "lab": LABS.get(lab, lab),
    }
    return dict.fromkeys(COLUMNS, "") | cells


def split_factor(factor: str, tagged: bool = False) -> tuple[str, str]:
    """Return target and antibody of an id's factor in small letters; tagged: a leading e stands for eGFP."""
    if tagged:
        target = factor.removeprefix("e").upper()
        return target, f"eGFP-{target}"
    protein, antibody = JOINED.get(factor) or split_catalogue(factor)
    target, name = PROTEINS.get(protein, (protein.upper(), ""))
    return target, f"{name} {antibody}".strip()


def split_catalogue(factor: str) -> tuple[str, str]:
    """Return the protein of a factor and the catalogue number after it in the maker's spelling, "" if there is none."""
    for start in range(1, len(factor)):
        for form, written in CATALOGUE.items():
            if found := re.fullmatch(form, factor[start:]):
                return factor[:start], written.format(*found.groups())
    return factor, ""


def protocol(word: str) -> str:
    """Return a protocol or control in ENCODE's spelling; "" if the word is none."""
    if re.fullmatch(r"V\d{7}", word):
        return f"v{word[1:-1]}.{word[-1]}"
    if re.fullmatch(r"Pcr\dx", word):
        return word.upper().replace("X", "x")
    return CONTROLS.get(word, "")


def treatment(word: str) -> str:
    """Return a treatment in ENCODE's spelling; dexamethasone is matched by form, since its doses vary."""
    if dose := re.fullmatch(r"Dex(\d+)([pn])m", word):
        return f"DEX_{dose[1]}{dose[2]}M"
    return TREATMENTS.get(word, word)


def encode_sheet(ids: Iterable[str]) -> str:
    """Return a data-set sheet of ENCODE ids, in their order, as tab-separated text."""
    lines = [COLUMNS, *(encode_row(id).values() for id in ids)]
    return "".join("\t".join(cells) + "\n" for cells in lines)


def fetched_row(row: Mapping[str, str], source: str) -> dict[str, str]:
    """Return a row of format encode or occupancy as the row of the files that will be fetched for it.

    It becomes one of format narrowpeak, or stays of format occupancy; from csail, it becomes one of format csail. The
    genome is hg19 from the same source, unless the row names another.
    """
    id = row["path"] or row["dataset"]
    if source == "csail":
        return dict(row) | {"format": "csail", "path": f"{DOWNLOADS}/{CSAIL[row['format']]}/{id}", "genome": ""}
    return dict(row) | {
        "format": "occupancy" if row["format"] == "occupancy" else "narrowpeak",
        "path": f"{DOWNLOADS}/{source}/{PEAKS}/{id}.narrowPeak.gz",
        "genome": row["genome"] or f"{DOWNLOADS}/{source}/{GENOME}",
    }


def address(path: str, sources: Mapping[str, str]) -> str:
    """Return the address from which a file below DOWNLOADS is fetched; sources: the base address of each source."""
    source, _, file = path.removeprefix(f"{DOWNLOADS}/").partition("/")
    return f"{sources[source].rstrip('/')}/{file}"
