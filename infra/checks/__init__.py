"""The checks of the deployment: what can be said of the files, and what an emulator makes of them."""
