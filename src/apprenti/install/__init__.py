"""What suits a machine: packages, versions and builds, decided from dated facts and carried out."""
