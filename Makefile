# Thin aliases; the work is in scripts/ and xtask/.

.DEFAULT_GOAL := help
.PHONY: help demo test ci build ui bench campaign dist

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## build everything and run the demo (Ctrl-C ends it)
	@scripts/demo.sh

test: ## everything that must pass: formats, lints, tests, generated files, licences
	@scripts/test.sh

ci: ## what continuous integration runs
	@.ci/run

build: ## the binary, with the web app if it has been built
	@scripts/require.sh git cc cargo
	@cargo build --locked --package plimsoll

ui: ## the web app, into ui/dist
	@scripts/require.sh node npm
	@scripts/ui.sh

bench: ## the release build beside its peers: CPU, memory, disk, in a quarter of an hour or more
	@scripts/require.sh git cc cargo
	@scripts/install-test-deps.sh
	@cargo bench --locked --workspace --bench '*'

campaign: ## crashes, power cuts and failing disks by the thousand; prints figures
	@scripts/campaign.sh

dist: ## a release build, packed with its checksum into dist/
	@scripts/dist.sh
