"""Headers that keep pages from being misused."""

from flask import Flask, Response

from viche_gateway.embed.framing import framed_by

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'; "
)
_FRAMED_BY_NOBODY = "frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": _POLICY + _FRAMED_BY_NOBODY,
}
_OF_FRAMES = {"content-security-policy", "cross-origin-resource-policy", "x-frame-options"}
_ONLY_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def register(app: Flask) -> None:
    """Adds the headers to every answer that has not set them itself; inside frames, those that let one origin in."""
    headers = _HEADERS | (_ONLY_TLS if app.extensions["viche.settings"].is_https else {})
    by_key = {name.lower(): (name, value) for name, value in headers.items()}

    def harden(response: Response) -> Response:
        present = {name.lower() for name, _ in response.headers}
        if origin := framed_by():
            response.headers.update(_inside(origin))
            present |= _OF_FRAMES
        for key, (name, value) in by_key.items():
            if key not in present:
                response.headers.add(name, value)
        return response

    app.after_request(harden)


def _inside(origin: str) -> dict[str, str]:
    """Headers of a page that one origin may show inside its own; X-Frame-Options knows no way to say that."""
    policy = f"{_POLICY}frame-ancestors {origin}"
    return {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}
