/* SPDX-License-Identifier: MIT */
/*
 * Paths that match patterns. One name of the pattern after the other is
 * looked for in all directories that those before it led to, so that no
 * directory is read in vain.
 */
#include "globs.h"

#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void cli_image_names(const struct cli_session *session, const char *directory, cli_name_fn *told,
                     void *context)
{
    struct cli_text stored = {0};
    struct cli_text name = {0};
    struct lfk_directory *handle = NULL;
    int status = cli_path_encode(&stored, session->encoding, directory, NULL);
    const char *path = stored.size > 0 ? cli_text_string(&stored) : "/";
    if (status == LFK_OK && !stored.failed) {
        status = lfk_directory_open(&handle, session->filesystem, path, NULL);
    }
    while (status >= 0 || status == LFK_ERR_CORRUPT) {
        struct lfk_stat stat;
        if (handle == NULL || (status = lfk_directory_read(handle, &stat, NULL)) == 0) {
            break;
        }
        cli_text_cut(&name, 0);
        if (status > 0 && !name.failed &&
            cli_name_bytes_add(&name, session->encoding, stat.name, stat.name_size,
                               CLI_NAME_PLAIN)) {
            told(context, cli_text_string(&name), stat.is_dir);
        }
    }
    lfk_directory_close(handle);
    cli_text_free(&stored);
    cli_text_free(&name);
}

void cli_host_names(const char *directory, cli_name_fn *told, void *context)
{
    DIR *handle = opendir(directory);
    if (handle == NULL) {
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(handle)) != NULL) {
        struct stat status;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            bool known = fstatat(dirfd(handle), entry->d_name, &status, 0) == 0;
            told(context, entry->d_name, known && S_ISDIR(status.st_mode));
        }
    }
    (void)closedir(handle);
}

/* --- matching in the image ---------------------------------------------------------------- */

struct matching {
    const char *name_pattern;
    bool directories; /* nothing else counts */
    const char *directory;
    struct cli_arguments *found;
};

static void add_path(struct cli_arguments *found, const char *directory, const char *name)
{
    struct cli_text path = {0};
    cli_text_print(&path, "%s/%s", directory, name);
    found->failed = found->failed || path.failed;
    cli_arguments_add(found, cli_text_string(&path));
    cli_text_free(&path);
}

static void match_name(void *context, const char *name, bool is_dir)
{
    const struct matching *matching = context;
    if ((is_dir || !matching->directories) && lfk_path_match(matching->name_pattern, name)) {
        add_path(matching->found, matching->directory, name);
    }
}

/* Adds text so that it matches itself alone. */
static void add_escaped(struct cli_text *pattern, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("*?[]\\", *text) != NULL) {
            cli_text_add(pattern, "\\", 1);
        }
        cli_text_add(pattern, text, 1);
    }
}

/* Goes on by one name of the pattern from each of the directories; they are used up. */
static void match_step(const struct cli_session *session, struct cli_arguments *directories,
                       const char *name_pattern, bool is_last)
{
    struct cli_arguments found = {0};
    for (size_t i = 0; i < directories->count; i++) {
        struct matching matching = {
            .name_pattern = name_pattern,
            .directories = !is_last,
            .directory = directories->items[i],
            .found = &found,
        };
        cli_image_names(session, matching.directory, match_name, &matching);
    }
    found.failed = found.failed || directories->failed;
    cli_arguments_free(directories);
    *directories = found;
}

bool cli_image_match(struct cli_arguments *found, const struct cli_session *session,
                     const char *pattern)
{
    struct cli_text typed = {0};
    struct cli_text normal = {0};
    struct cli_arguments paths = {0};
    bool wants_directory = *pattern != '\0' && pattern[strlen(pattern) - 1] == '/';
    if (*pattern != '/') {
        add_escaped(&typed, cli_text_string(&session->directory));
        cli_text_add(&typed, "/", 1);
    }
    cli_text_print(&typed, "%s", pattern);
    cli_path_normalise(&normal, cli_text_string(&typed));
    cli_arguments_add(&paths, "");
    char *name = normal.failed ? NULL : normal.data;
    while (name != NULL && *name == '/' && paths.count > 0) {
        char *next = strchr(name + 1, '/');
        if (next != NULL) {
            *next = '\0';
        }
        match_step(session, &paths, name + 1, next == NULL && !wants_directory);
        if (next != NULL) {
            *next = '/';
        }
        name = next;
    }
    for (size_t i = 0; i < paths.count && normal.size > 0; i++) {
        cli_arguments_add(found, paths.items[i]);
    }
    bool any = paths.count > 0 && normal.size > 0;
    found->failed = found->failed || paths.failed || typed.failed || normal.failed;
    cli_arguments_free(&paths);
    cli_text_free(&typed);
    cli_text_free(&normal);
    return any;
}

bool cli_host_match(struct cli_arguments *found, const char *pattern)
{
    glob_t matches = {0};
    bool any = glob(pattern, 0, NULL, &matches) == 0;
    for (size_t i = 0; any && i < matches.gl_pathc; i++) {
        cli_arguments_add(found, matches.gl_pathv[i]);
    }
    globfree(&matches);
    return any;
}

void cli_arguments_expand(struct cli_arguments *arguments, struct cli_session *session,
                          const struct cli_words *words)
{
    struct cli_operand_walk walk = {.verb = session->run->verb};
    for (size_t i = 0; i < words->count; i++) {
        const struct cli_word *word = &words->words[i];
        const char *pattern = cli_text_string(&word->pattern);
        enum cli_operand kind = CLI_OPERAND_OTHER;
        bool any = false;
        if (cli_operand_next(&walk, word, &kind) && word->is_pattern) {
            bool inside = kind == CLI_OPERAND_IMAGE || kind == CLI_OPERAND_DIRECTORY;
            any = (inside && cli_image_match(arguments, session, pattern)) ||
                  (kind == CLI_OPERAND_HOST && cli_host_match(arguments, pattern));
        }
        if (!any) {
            cli_arguments_add(arguments, cli_text_string(&word->text));
        }
    }
}
