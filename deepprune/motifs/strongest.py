"""The headers of the strongest sequences, which have fields."""

from deepprune.data.origins import Origins


def origin_fields(origins: Origins) -> list[str]:
    """Return ` place=chrom:start-end name=NAME` for each sequence, as far as known; the place as in BED, from 0."""
    fields = []
    for name, chrom, start, end in zip(origins.name, origins.chrom, origins.start, origins.end, strict=True):
        words = " ".join(name.split())
        fields.append((f" place={chrom}:{start}-{end}" if chrom else "") + (f" name={words}" if words else ""))
    return fields


def strongest_fields(header: str) -> tuple[str, dict[str, str]]:
    """Return identifier and fields of a record of the strongest sequences; the last, a name, may hold spaces."""
    words, found, name = header.partition(" name=")
    identifier, *fields = words.split()
    values = dict(field.split("=", 1) for field in fields)
    return identifier, values | {"name": name} if found else values
