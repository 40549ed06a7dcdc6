# The image of KitchenAsty. In the root of this repository:
#   docker build --file deploy/kitchenasty.Dockerfile --tag registry.example/kitchenasty:1 .
# Any base will do that has Python 3.11 or newer as `python3`, with venv; name yours with --build-arg PYTHON=…
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS made
WORKDIR /made
COPY requirements/run.txt requirements/
RUN python3 -m venv /opt/kitchenasty \
 && /opt/kitchenasty/bin/pip install --no-cache-dir --require-hashes --requirement requirements/run.txt
COPY packages/basis packages/basis
COPY packages/kitchenasty packages/kitchenasty
RUN /opt/kitchenasty/bin/pip install --no-cache-dir --no-deps --no-build-isolation packages/basis packages/kitchenasty

FROM ${PYTHON}
COPY --from=made /opt/kitchenasty /opt/kitchenasty
# A new volume takes its owner from here.
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
ENV PATH=/opt/kitchenasty/bin:/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /data
EXPOSE 8000
CMD ["kitchenasty", "serve", "--host", "0.0.0.0", "--port", "8000", "--data", "/data"]
