# As in train.py of pytorch, linear, digits

# %% The whole run, from the data to the predictions.
if __name__ == "__main__":
    Path("status.json").unlink(missing_ok=True)
    try:
        fit(Config(), load_data(Config()), Path(), lambda history: False)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        Path("status.json").write_text(json.dumps({"status": status, "epochs": 0}))
        raise
