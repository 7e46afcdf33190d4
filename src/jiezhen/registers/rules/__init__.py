"""Pure decisions about what exists: addresses and the register of them."""
