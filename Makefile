# The single script of this repository. `make help` lists what it can do.

SHELL := /bin/sh
MVN ?= mvn
MVN_FLAGS ?= --batch-mode --no-transfer-progress
JAR := target/quarkus-app/quarkus-run.jar
SOURCES := pom.xml $(shell find src bench/java -type f 2>/dev/null)
CLASSPATH := .run/classpath

.DEFAULT_GOAL := first

.PHONY: first
first:
	@echo "Start with 'make run_local': a small Kubernetes API, a real Consul, and Bailey between them."
	@echo "'make help' lists everything else."

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z_]+:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: $(JAR) ## build the application into target/quarkus-app

$(JAR): $(SOURCES)
	@$(MAKE) --no-print-directory tools
	$(MVN) $(MVN_FLAGS) -q package -DskipTests
	@touch $(JAR)

.PHONY: tools
tools: ## check for a JDK and Maven, and get what else is needed
	@command -v java >/dev/null 2>&1 || { echo "A JDK 17 or newer is needed: java is not on the PATH."; exit 1; }
	@command -v $(MVN) >/dev/null 2>&1 || { echo "Maven 3.8 or newer is needed: mvn is not on the PATH."; exit 1; }

.PHONY: run_local
run_local: $(JAR) $(CLASSPATH) ## run everything on this machine; HTTP_PORT, CONSUL_PORT, … choose the ports
	@HTTP_PORT=$(HTTP_PORT) CONSUL_PORT=$(CONSUL_PORT) DNS_PORT=$(DNS_PORT) KUBERNETES_PORT=$(KUBERNETES_PORT) \
		MACHINES_PORT=$(MACHINES_PORT) EC2_PORT=$(EC2_PORT) PROMETHEUS_PORT=$(PROMETHEUS_PORT) \
		java -Xmx256m -XX:+ExitOnOutOfMemoryError -cp "target/test-classes:target/classes:$$(cat $(CLASSPATH))" bridge.bailey.local.RunLocal \
		|| [ $$? -eq 130 ]

# What the tests' classes run with.
$(CLASSPATH): pom.xml
	@mkdir -p $(@D)
	@$(MVN) $(MVN_FLAGS) -q dependency:build-classpath -Dmdep.outputFile=$@
	@touch $@

.PHONY: bench
bench: $(JAR) $(CLASSPATH) ## measure against a real Consul, in 20 minutes; RUNS, INSTANCES, FLIPS, IDLE_SECONDS, SETTLE_SECONDS, PARTS
	@scripts/consul >/dev/null
	@RUNS=$(RUNS) INSTANCES=$(INSTANCES) FLIPS=$(FLIPS) IDLE_SECONDS=$(IDLE_SECONDS) SETTLE_SECONDS=$(SETTLE_SECONDS) \
		PARTS=$(PARTS) java -Xmx1g -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -cp "target/test-classes:target/classes:$$(cat $(CLASSPATH))" \
		bridge.bailey.bench.Bench

.PHONY: test
test: ## run all tests, on a real Consul
	@$(MAKE) --no-print-directory tools
	@command -v promtool >/dev/null 2>&1 && command -v prometheus >/dev/null 2>&1 || { \
		echo "Prometheus is needed to test what k8s/monitoring ships: prometheus and promtool are not on the PATH."; \
		echo "Debian has both: apt-get install --no-install-recommends prometheus"; exit 1; }
	@scripts/consul >/dev/null
	@scripts/kustomize >/dev/null
	scripts/test $(MVN) $(MVN_FLAGS) verify

.PHONY: test_cluster
test_cluster: ## run the integration tests on a real API server: that of KUBECONFIG, or one that is downloaded
	@$(MAKE) --no-print-directory tools
	@scripts/consul >/dev/null
	@scripts/kustomize >/dev/null
	BAILEY_TEST_KUBECONFIG="$${KUBECONFIG:-fetch}" scripts/test $(MVN) $(MVN_FLAGS) verify -Dsurefire.skip=true

.PHONY: operator_objects
operator_objects: ## print rules and scrape jobs as objects of the Prometheus operator; DOCS_URL, RULE_LABELS
	@DOCS_URL="$(DOCS_URL)" RULE_LABELS="$(RULE_LABELS)" scripts/operator-objects

.PHONY: format
format: ## format the code
	$(MVN) $(MVN_FLAGS) -q spotless:apply

.PHONY: clean
clean: ## remove what was built; downloaded tools stay in .tools
	rm -rf target .run

# What runs somewhere, asked from outside: docs/smoke-and-load.md.
.PHONY: smoke_test
smoke_test: ## ask what runs at TARGET_URL whether all is well; CONSUL_DNS, SERVICES, WAIT, SMOKE_REPORT, BAILEY_JAR
	@test -n "$${TARGET_URL:-}" || { echo "What is to be tested? make smoke_test TARGET_URL=http://localhost:8080" >&2; exit 1; }
	@test -n "$${BAILEY_JAR:-}" || $(MAKE) -s --no-print-directory TARGET_URL= build
	@SMOKE_REPORT="$${SMOKE_REPORT:-target/smoke/TEST-smoke.xml}" java -jar "$${BAILEY_JAR:-$(JAR)}" smoke

.PHONY: load_test
load_test: ## put load on TARGET_URL, or compare OLD_URL and NEW_URL; SERVICE, MAX_RATIO, DURATION, CONNECTIONS, ROUNDS
	@scripts/load-test

# Bailey in a cluster: docs/deploy.md. ENV is a folder of k8s/overlays, IMAGE the image with its tag or digest.
KUBE = IMAGE="$(IMAGE)" YES="$(YES)" WAIT="$(WAIT)" PURGE="$(PURGE)" RENAME="$(RENAME)" scripts/kube

.PHONY: kube_create_config
kube_create_config: ## write the manifests into target/kube/$ENV.yaml; ENV, IMAGE
	@$(KUBE) config "$(ENV)"

.PHONY: kube_diff
kube_diff: ## show what kube_apply would change in the cluster of KUBECONFIG; ENV, IMAGE
	@$(KUBE) diff "$(ENV)"

.PHONY: kube_apply
kube_apply: ## show that, ask, and apply it server-side; ENV, IMAGE, YES=yes, WAIT=no, RENAME=yes
	@$(KUBE) apply "$(ENV)"

.PHONY: kube_delete
kube_delete: ## ask, purge what Bailey wrote, and delete it, but no LegacyService; ENV, YES=yes, PURGE=no
	@$(KUBE) delete "$(ENV)"

# The image: docs/image.md. REGISTRY, IMAGE and TAG name it; the default tag is the version.
IMAGES = REGISTRY="$(REGISTRY)" IMAGE="$(IMAGE)" TAG="$(TAG)" ENGINE="$(ENGINE)" JDK_IMAGE="$(JDK_IMAGE)" JDK_DIGEST="$(JDK_DIGEST)" \
	BASE_IMAGE="$(BASE_IMAGE)" BASE_DIGEST="$(BASE_DIGEST)" BASE="$(BASE)" MVN="$(MVN)" MVN_FLAGS="$(MVN_FLAGS)" scripts/image

.PHONY: docker_build
docker_build: $(JAR) ## build the image by docker, podman or buildah; REGISTRY, IMAGE, TAG
	@$(IMAGES) build

.PHONY: docker_push
docker_push: ## push it; REGISTRY, IMAGE, TAG
	@$(IMAGES) push

.PHONY: image_layout
image_layout: $(JAR) ## lay out in target/image what the image holds, by the JDK 25 of JAVA_HOME
	@scripts/image-layout target/quarkus-app target/image

.PHONY: image_tar
image_tar: image_layout ## build the image without an engine, as target/jib-image.tar; BASE, and JAVA_HOME with a JDK 25
	@$(IMAGES) tar

.PHONY: reproducible
reproducible: ## build what is committed twice, in two folders, and compare each file; minutes
	@MVN="$(MVN)" MVN_FLAGS="$(MVN_FLAGS)" scripts/reproducible

.PHONY: release
release: ## check whether VERSION could be released, and build it in target/release; CONFIRM=VERSION commits and tags it
	@VERSION="$(VERSION)" CONFIRM="$(CONFIRM)" MVN="$(MVN)" MVN_FLAGS="$(MVN_FLAGS)" scripts/release
