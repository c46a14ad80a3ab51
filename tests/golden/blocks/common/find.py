# As in train.py of pytorch, mlp, table-streamed

# %% Data: where it is.
def find(config: Config) -> Path:
    folders = [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]
    path = next((f / config.data for f in folders if (f / config.data).exists()), None)
    if path is None:
        raise SystemExit(f"No {config.data} here: put it beside this script, or set APPRENTI_DATA.")
    return path
