"""DanQ and SuperQ: many tasks at once, and an autoencoder of DNA."""
