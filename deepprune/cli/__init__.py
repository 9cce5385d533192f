"""The console command `deepprune`, a module a subcommand."""
