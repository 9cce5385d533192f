"""Who a network is."""

# What tables call the criterion of networks that were not pruned.
NO_CRITERION = "-"
