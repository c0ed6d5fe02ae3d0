/* SPDX-License-Identifier: MIT */
/*
 * Entries of a volume by their paths, as lines or JSON.
 */
#include "rows.h"
#include "row.h"

struct cli_rows cli_rows_start(const struct cli_loaded *loaded, bool json)
{
    return (struct cli_rows){
        .json = json, .loaded = loaded, .array = {.out = loaded->session->run->io->out}};
}

void cli_rows_add(struct cli_rows *rows, const struct lfk_node *node)
{
    enum cli_name_form form = rows->json ? CLI_NAME_JSON : CLI_NAME_SHOWN;
    bool decodes = cli_loaded_path(&rows->path, rows->loaded, node, form);
    if (!rows->json) {
        fprintf(rows->array.out, "%s\n", cli_text_string(&rows->path));
    } else if (!rows->array.failed) {
        cli_json_array_add(&rows->array, cli_row_json(cli_text_string(&rows->path), decodes, node));
    }
}

void cli_rows_end(struct cli_rows *rows)
{
    if (rows->json) {
        cli_json_array_end(&rows->array);
    }
    rows->path.failed = rows->path.failed || rows->array.failed;
    (void)cli_session_check_text(rows->loaded->session, &rows->path);
    cli_text_free(&rows->path);
}
