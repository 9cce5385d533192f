"""The console command `deepprune`, one module per subcommand."""
