# USO Bot for one NVIDIA card. The page asks for a password here, as it listens for others:
#   docker compose run --rm -it bot web password
# The CUDA runtime comes with this base, cuBLAS and cuDNN with PyTorch's wheels; the host brings the driver and
# NVIDIA's container toolkit. Both stages have one Python, so that the environment can be copied.
ARG BASE=nvidia/cuda:12.8.1-base-ubuntu24.04@sha256:133c78a0575303be34164d0b90137a042172bdf60696af01a3c424ab402d86e2

# hadolint ignore=DL3006
FROM ${BASE} AS build
# Ubuntu keeps one version of a package at a time, so a pinned one would soon be gone; the base is pinned instead.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY constraints.txt ./
RUN python3 -m venv /opt/uso-bot \
    && /opt/uso-bot/bin/pip install --no-cache-dir --constraint constraints.txt torch==2.13.0
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY uso ./uso
COPY adapters ./adapters
COPY storage ./storage
RUN /opt/uso-bot/bin/pip install --no-cache-dir --constraint constraints.txt .

# hadolint ignore=DL3006
FROM ${BASE}
# The client of PostgreSQL is for `uso-bot backup`.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /srv/uso-bot --no-create-home --shell /usr/sbin/nologin uso-bot \
    && mkdir --parents /srv/uso-bot/data /srv/uso-bot/weights \
    && chown --recursive uso-bot:uso-bot /srv/uso-bot
COPY --from=build /opt/uso-bot /opt/uso-bot
COPY deploy/container.toml /srv/uso-bot/config.toml
ENV PATH=/opt/uso-bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/srv/uso-bot/data/cache
WORKDIR /srv/uso-bot
USER 10001:10001
VOLUME ["/srv/uso-bot/data", "/srv/uso-bot/weights"]
EXPOSE 8080
# Healthy means that the process answers; whether the model is loaded says /readyz.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["uso-bot"]
CMD ["run"]
