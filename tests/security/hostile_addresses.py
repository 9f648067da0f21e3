"""What a program can write into a request line, a header or a form that no browser would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HOSTILE_PATHS: Final = (
    *("/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/static/..%5cserver.py"),
    *(
        "/static/....//server.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/page.css%00",
    ),
    *("/static/", "/static", "//etc/passwd", "/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.git/config"),
    *("/.env", "/config.toml", "/api/jobs/..", "/api/jobs/../../etc", "/api/jobs/..%2f..%2fetc%2fpasswd"),
    *("/api/jobs/%00", "/api/jobs/%0d%0aX-Owned:%20yes", "/api/jobs/%e5%98%8a%e5%98%8dX-Owned:yes", "/api/jobs/%ff%fe"),
    *(
        "/api/jobs/%ed%a0%80",
        "/api/jobs/" + "a" * 5000,
        "/api/jobs/x/pictures/-1.png",
        "/api/jobs/x/pictures/99999.png",
    ),
    *("/api/jobs/x/pictures/%d9%a3.png", "/api/jobs/x/pictures/0.png/../../..", "/api/jobs/x/pictures/0.svg"),
    *("/api/events?job=" + "%0a" * 100, "/api/events?" + "job=x&" * 100, "/api/jobs?limit=1e9", "/api/jobs?limit=-1"),
    *("/api/jobs?limit=" + "9" * 5000, "/api/jobs?limit=%00", "/api/balance?steps=" + "9" * 5000),
    *("/api/balance?guidance=nan", "/api/balance?count=%F0%9F%A6%8A", "/o/x/0", "/o/..%2f..%2fx/0?e=1&s=1"),
    *("/o/x/0?e=99999999999999999999&s=%00", "http://evil.example/", "/?%0d%0aX-Owned: yes", "*", "/\x00", "/ä"),
)
"""Request targets, written as they are."""

HOSTILE_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "two lengths": ("Content-Length: 0", "Content-Length: 5"),
    "a length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "a length that is none": ("Content-Length: -1",),
    "a length without end": ("Content-Length: " + "9" * 400,),
    "chunks of another name": ("Transfer-Encoding: xchunked",),
    "a line that goes on": ("X-One: a", " X-Owned: yes"),
    "a line without colon": ("nothing",),
    "a name with a space": ("Content-Length : 5",),
    "an empty name": (": x",),
    "100 kB of one header": ("X-Long: " + "x" * 100_000,),
    "10,000 headers": tuple(f"X-{number}: 1" for number in range(10_000)),
    "a NUL": ("X-One: a\0b",),
}
"""What makes two servers in a row read different requests; each is refused by the HTTP library."""

ODD_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "languages without end": ("Accept-Language: " + "de;q=0.1," * 800,),
    "a weight that is none": ("Accept-Language: de;q=nan,en;q=inf,fr;q=-1,*;q=x",),
    "a language that is none": ("Accept-Language: ../../etc/passwd",),
    "tags of what is cached": ('If-None-Match: "x", W/"' + "y" * 100 + '", *',),
    "a tag that is none": ("If-None-Match: \\",),
    "a range": ("Range: bytes=0-0,1-1,2-2,-99999999999999999999",),
    "cookies": ("Cookie: a=b; session=" + "x" * 2000 + "; =; ;;",),
    "forwarded": ("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example"),
    "another method": ("X-HTTP-Method-Override: DELETE",),
    "credentials": ("Authorization: Basic Og==", "Proxy-Authorization: x"),
}
"""Sound requests with headers that mean nothing to us."""

HOSTILE_FORMS: Final[Mapping[str, bytes]] = {
    "no parts": b"--B--\r\n",
    "no end": b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na fox',
    "no beginning": b"a fox",
    "no name": b"--B\r\nContent-Disposition: form-data\r\n\r\na\r\n--B--\r\n",
    "no disposition": b"--B\r\n\r\na\r\n--B--\r\n",
    "a disposition that is none": b"--B\r\nContent-Disposition: \xff\xfe=;;;\r\n\r\na\r\n--B--\r\n",
    "text that is no text": b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\xfe\r\n--B--\r\n',
    "100 parts": b'--B\r\nContent-Disposition: form-data; name="x"\r\n\r\na\r\n' * 100 + b"--B--\r\n",
    "parts in parts": (
        b'--B\r\nContent-Disposition: form-data; name="x"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n'
        b"--C\r\n\r\na\r\n--C--\r\n\r\n--B--\r\n"
    ),
    "a path for a file's name": (
        b'--B\r\nContent-Disposition: form-data; name="subject"; filename="../../../tmp/owned.png"\r\n\r\nx'
        b"\r\n--B--\r\n"
    ),
    "a header in a file's name": (
        b'--B\r\nContent-Disposition: form-data; name="subject"; filename="a%0d%0aX-Owned: yes"\r\n\r\nx\r\n--B--\r\n'
    ),
    "70 kB of text": (
        b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n' + b"x" * 70_000 + b"\r\n--B--\r\n"
    ),
}
"""Bodies of `POST /api/jobs` with the boundary B; none is a request."""

ENCODED_FORMS: Final[Mapping[str, bytes]] = {
    "packed": b'--B\r\nContent-Disposition: form-data; name="prompt"\r\nContent-Encoding: gzip\r\n\r\nx\r\n--B--\r\n',
    "base64": (
        b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--B--\r\n"
    ),
}
"""Parts that say they are packed: they are taken as they are written, so that nothing is ever unpacked."""
