"""DNA as numbers: codes and shuffles."""
