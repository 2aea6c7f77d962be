"""How often sign-in links may be asked for.

An address over its limit is answered as always and gets no further mail: a refusal would tell the asker that
somebody else has been asking for that address. A network over its limit is told, as that says nothing of anybody.
"""

from viche_chassis.rates import Rule

PER_ADDRESS = (Rule("sign-in-address-hour", 5, 3_600),)
PER_NETWORK = (Rule("sign-in-network-hour", 60, 3_600),)
PROVIDERS_PER_NETWORK = (Rule("providers-network-hour", 300, 3_600),)
PASSKEYS_PER_NETWORK = (Rule("passkeys-network-hour", 300, 3_600),)
