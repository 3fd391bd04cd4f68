"""The rules about money: facts and terms in; a value, None or a Finding out. Amounts are US dollars to the cent."""
