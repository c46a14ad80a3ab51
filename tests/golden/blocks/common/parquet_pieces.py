# As in train.py of pytorch, mlp, table-streamed

# %% Reading: a table in a Parquet file, of which one piece at a time is in memory.
# Rows: many enough to be fast, few enough for any memory
PIECE = 50_000


def read_pieces(config: Config, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    # Without these two settings a good part of the file would be in memory all the same
    frugal = {"pre_buffer": False, "buffer_size": 65536}
    with pyarrow.parquet.ParquetFile(find(config), **frugal) as file:
        for piece in file.iter_batches(PIECE, columns=columns):
            yield piece.to_pandas(ignore_metadata=True)
