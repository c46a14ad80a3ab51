# As in train.py of pytorch, linear, digits

# %% The whole run, from the data to the predictions.
def main(config: Config) -> None:
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(config, load_data(config), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise


if __name__ == "__main__":
    main(Config())
