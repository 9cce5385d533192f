from deepprune.data.origins import Origins
from deepprune.motifs.strongest import origin_fields, strongest_fields


def test_origins_as_fields() -> None:
    origins = Origins(["a = b\tc", ""], ["", "chr2"], [0, 5], [0, 9], ["", "+"])
    assert origin_fields(origins) == [" name=a = b c", " place=chr2:5-9"]
    assert strongest_fields("s_1 seed=0 bound=1 name=a = b c") == (
        "s_1",
        {"seed": "0", "bound": "1", "name": "a = b c"},
    )
    assert strongest_fields("s_1 seed=0 place=chr2:5-9") == ("s_1", {"seed": "0", "place": "chr2:5-9"})
