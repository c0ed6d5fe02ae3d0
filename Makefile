# SPDX-License-Identifier: MIT
#
# The front door. Each target is a few commands that can be run by hand:
# CMakePresets.json says how things are built, tools/ does the rest.


.PHONY: all check lint format clean help

all: ## build the library (build/release)
	@tools/ensure build
	cmake --preset release
	cmake --build --preset release

check: ## build for development and run every test
	@tools/ensure build test
	@tools/python-env build
	cmake --preset dev
	cmake --build --preset dev
	@tools/run-tests dev

lint: ## formatting and static analysis
	@tools/ensure build test lint
	cmake --preset dev
	@tools/lint build/dev

format: ## bring all C files into the project's format
	@tools/ensure lint
	@tools/c-files | xargs clang-format -i

clean: ## remove everything that was built
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
