# make demo    installs what is missing, builds, simulates a small emotion study, decodes it, names report.html
# make test    the same set-up, then every test
# make build   leaves the program at build/caton
.PHONY: demo test build setup nightly bench format clean

BUILD := build
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime

build: setup
	@cmake --preset release >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@cmake --build $(BUILD)

setup:
	@tools/setup

demo: build
	@$(BUILD)/caton run recipes/rbtransformer-demo.toml

test: build
	@tests/run

nightly: build
	@tests/run --nightly

bench: build
	@cmake --build $(BUILD) --target bench

format:
	@find src tests -name '*.[ch]pp' | xargs clang-format-14 -i

clean:
	@rm -rf $(BUILD) build-* $(BUILD).log
