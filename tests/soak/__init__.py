"""Long proofs: reduced in `make test`, in full under `make soak`."""
