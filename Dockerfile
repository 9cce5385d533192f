# docker build -t deepprune .
# docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/work" deepprune run peaks.bed --genome hg38.fa -o out
FROM python:3.11-slim
# Compiled functions for any user of the image; numba uses no folder that it cannot write to.
ENV NUMBA_CACHE_DIR=/opt/deepprune/compiled PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HOME=/tmp
WORKDIR /opt/deepprune/source
COPY requirements.lock .
RUN pip install --require-hashes --no-deps -r requirements.lock
COPY . .
RUN pip install --no-deps --no-build-isolation . && deepprune compile && chmod -R a+rwX /opt/deepprune/compiled
WORKDIR /work
ENTRYPOINT ["deepprune"]
