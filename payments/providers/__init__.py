"""One file each: a way to pay. Found by name (`core.registry`); the interface is `payments.provider.Provider`."""
