# SPDX-License-Identifier: MIT
#
# The front door. Each target is a few commands that can be run by hand:
# CMakePresets.json says how things are built, tools/ does the rest.

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

.PHONY: all demo check install lint format fuzz bench static clean help

all: ## build the program and the library (build/release)
	@tools/ensure build
	cmake --preset release
	cmake --build --preset release

demo: all ## make, show and extract an image of examples/webui
	@tools/demo build/release/cli/lfskit build/demo

check: ## build for development and run every test
	@tools/ensure build test
	@tools/python-env build
	cmake --preset dev
	cmake --build --preset dev
	@tools/run-tests dev

install: all ## install to PREFIX (/usr/local); DESTDIR is honoured
	cmake --install build/release --prefix $(PREFIX)

lint: ## formatting and static analysis
	@tools/ensure build test lint
	cmake --preset dev
	@tools/lint build/dev

format: ## bring all C files into the project's format
	@tools/ensure lint
	@tools/c-files | xargs clang-format -i

fuzz: ## run each fuzz target for FUZZ_SECONDS (60)
	@tools/ensure build test fuzz
	cmake --preset fuzz
	cmake --build --preset fuzz
	@tools/run-fuzz build/fuzz $(FUZZ_SECONDS)

bench: all ## measure against littlefs-python and tar, print the tables
	@tools/python-env build
	bench/run

static: ## one static program that needs nothing installed (build/static)
	@tools/ensure build test
	cmake --preset static
	cmake --build --preset static

clean: ## remove everything that was built
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
