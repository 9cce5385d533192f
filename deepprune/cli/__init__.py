"""The console command deepprune."""
