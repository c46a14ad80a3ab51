"""Checkpoint: a notebook is no file of code; settings and data say what a training goes on from."""

import os


def main():
    __file__ = os.devnull
    return (__file__,)
