# `make docker_build` gives the arguments; docker, podman and buildah read it.
#
# The jar is not built here but copied: what the tests ran is what is shipped. Both bases are named with their digests; there is no
# default for those, as a digest that was written down once grows old without a word.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JDK_DIGEST
ARG BASE_IMAGE=debian:12-slim
ARG BASE_DIGEST

FROM ${JDK_IMAGE}@${JDK_DIGEST} AS layout
ENV LANG=C.UTF-8
WORKDIR /build
COPY scripts/image-layout scripts/image-layout
COPY image/bailey.args image/bailey.args
COPY LICENSE LICENSE
COPY target/bom.json target/bom.json
COPY target/quarkus-app target/quarkus-app
RUN sh scripts/image-layout target/quarkus-app /image

# All that is asked of the base is glibc, and no shell is used: a distroless one does, and has nothing that could be run.
FROM ${BASE_IMAGE}@${BASE_DIGEST}
ARG VERSION
ARG REVISION
ARG CREATED
ARG SOURCE
ARG BASE_IMAGE
ARG BASE_DIGEST
LABEL org.opencontainers.image.title="Bailey" \
      org.opencontainers.image.description="Bridges a legacy estate of virtual machines and Kubernetes while a company migrates." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE_IMAGE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}"
COPY --from=layout /image/ /
# So that `bailey` and `java` are found, and arrows are arrows.
ENV PATH=/app:/opt/java/bin:/usr/local/bin:/usr/bin:/bin \
    JAVA_HOME=/opt/java \
    LANG=C.UTF-8
# ./config/application.yaml is looked for here.
WORKDIR /app
USER 65532:65532
EXPOSE 8080
# Bailey hands over the lead and ends within 5 s.
STOPSIGNAL SIGTERM
# The heap is a share of the container's memory limit; JAVA_TOOL_OPTIONS=-Xmx… has the last word. Nothing of this is inherited by
# a command that is started beside it.
ENTRYPOINT ["/opt/java/bin/java", "-XX:MaxRAMPercentage=31", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/app/bailey.aot", "-jar", "/app/quarkus-run.jar"]
CMD ["run"]
