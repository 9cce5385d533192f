# Data sets of several tasks from peak files and from DeepSEA's bundle, on which the options of `data` have no effect


use rule dataset as bin_peaks with:
    log:
        "<logs>/bin_peaks/{dataset}.log",
    benchmark:
        "<benchmarks>/bin_peaks/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(BINNED),
    params:
        row=origin,
        options={},
        bins=config["bins"],


use rule dataset as take_classes with:
    input:
        unpack(sequences),
        classes=located["deepsea"]["classes"] or [],
    log:
        "<logs>/take_classes/{dataset}.log",
    benchmark:
        "<benchmarks>/take_classes/{dataset}.tsv"
    wildcard_constraints:
        dataset=one_of(BUNDLED),
    resources:
        # Measured: 260 MB beside mapped files, whatever the number of sequences; for a million 22 s, all classes 75 s
        mem_mb=growing(2000),
        runtime=growing(60, 0.01, of="files"),
    params:
        row=origin,
        options={},
