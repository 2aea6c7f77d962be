"""Headers that keep pages from being misused."""

from flask import Flask, Response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": _POLICY,
}
_ONLY_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def register(app: Flask) -> None:
    """Adds the headers to every answer that has not set them itself."""
    headers = _HEADERS | (_ONLY_TLS if app.extensions["viche.settings"].is_https else {})
    by_key = {name.lower(): (name, value) for name, value in headers.items()}

    def harden(response: Response) -> Response:
        present = {name.lower() for name, _ in response.headers}
        for key, (name, value) in by_key.items():
            if key not in present:
                response.headers.add(name, value)
        return response

    app.after_request(harden)
