"""What the database holds of a petition, read past the service, in a pod of petitions: request ids of its signatures.

python stored.py NUMBER
"""

import json
import os
import sys

import psycopg

QUERY = (
    "SELECT coalesce(g.request_id::text, '') FROM petitions p JOIN signatures s ON s.petition_id = p.id"
    " LEFT JOIN signers g ON g.signature_id = s.id WHERE p.number = %(number)s ORDER BY 1"
)


def main(number: int) -> None:
    """Prints them as a list; what has no request id is an empty text."""
    with psycopg.connect(os.environ["VICHE_DATABASE_URL"]) as conn:
        print(json.dumps([row[0] for row in conn.execute(QUERY, {"number": number})]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
