/* SPDX-License-Identifier: MIT */
/*
 * Paths that match patterns. One name of the pattern after the other is
 * looked for in all directories that those before it led to, so that no
 * directory is read in vain.
 */
#include "globs.h"

#include <dirent.h>
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
    DIR *handle = opendir(*directory != '\0' ? directory : ".");
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

/* --- matching --------------------------------------------------------------------------------- */

/* One name of a pattern, looked for in a directory. */
struct matching {
    const struct cli_session *session; /* NULL: on the host */
    const char *name_pattern;
    bool directories; /* nothing else counts */
    const char *directory;
    struct cli_arguments *found;
};

static void add_path(struct cli_arguments *found, const char *directory, const char *name)
{
    struct cli_text path = {0};
    bool is_open = *directory == '\0' || directory[strlen(directory) - 1] == '/';
    cli_text_print(&path, "%s%s%s", directory, is_open ? "" : "/", name);
    found->failed = found->failed || path.failed;
    cli_arguments_add(found, cli_text_string(&path));
    cli_text_free(&path);
}

/* Names of the host that begin with a dot are hidden from patterns that do not. */
static void match_name(void *context, const char *name, bool is_dir)
{
    const struct matching *matching = context;
    bool is_hidden = matching->session == NULL && *name == '.' && *matching->name_pattern != '.';
    if (!is_hidden && (is_dir || !matching->directories) &&
        lfk_path_match(matching->name_pattern, name)) {
        add_path(matching->found, matching->directory, name);
    }
}

static const char wildcards[] = "*?[";

/* Adds text so that it matches itself alone. */
static void add_escaped(struct cli_text *pattern, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr(wildcards, *text) != NULL || *text == ']' || *text == '\\') {
            cli_text_add(pattern, "\\", 1);
        }
        cli_text_add(pattern, text, 1);
    }
}

/* Sets `name` to what the pattern stands for; false if it stands for several. */
static bool is_literal(const char *name_pattern, struct cli_text *name)
{
    cli_text_cut(name, 0);
    for (; *name_pattern != '\0'; name_pattern++) {
        if (strchr(wildcards, *name_pattern) != NULL) {
            return false;
        }
        name_pattern += *name_pattern == '\\';
        cli_text_add(name, name_pattern, 1);
    }
    return !name->failed;
}

/*
 * Goes on by one name of the pattern from each of the directories, which are used
 * up. Where it is no pattern nothing is read, but for the last one: it has to be there.
 */
static void match_step(const struct cli_session *session, struct cli_arguments *directories,
                       const char *name_pattern, bool is_last, bool wants_directory)
{
    struct cli_arguments found = {0};
    struct cli_text name = {0};
    bool follows = !is_last && is_literal(name_pattern, &name);
    for (size_t i = 0; i < directories->count; i++) {
        struct matching matching = {
            .session = session,
            .name_pattern = name_pattern,
            .directories = wants_directory,
            .directory = directories->items[i],
            .found = &found,
        };
        if (follows) {
            add_path(&found, matching.directory, cli_text_string(&name));
        } else if (session != NULL) {
            cli_image_names(session, matching.directory, match_name, &matching);
        } else {
            cli_host_names(matching.directory, match_name, &matching);
        }
    }
    found.failed = found.failed || directories->failed;
    cli_arguments_free(directories);
    cli_text_free(&name);
    *directories = found;
}

/* Adds what matches from the directory `start` on, sorted; false if there is nothing. */
static bool match(struct cli_arguments *found, const struct cli_session *session, const char *start,
                  const char *pattern)
{
    struct cli_arguments paths = {0};
    struct cli_text name = {0};
    cli_arguments_add(&paths, start);
    while (*pattern != '\0' && paths.count > 0 && !name.failed) {
        size_t size = strcspn(pattern, "/");
        size_t slashes = strspn(pattern + size, "/");
        cli_text_cut(&name, 0);
        cli_text_add(&name, pattern, size);
        pattern += size + slashes;
        match_step(session, &paths, cli_text_string(&name), *pattern == '\0', slashes > 0);
    }
    cli_arguments_sort(&paths, 0);
    for (size_t i = 0; i < paths.count; i++) {
        cli_arguments_add(found, paths.items[i]);
    }
    bool any = paths.count > 0;
    found->failed = found->failed || paths.failed || name.failed;
    cli_arguments_free(&paths);
    cli_text_free(&name);
    return any;
}

/* Adds the absolute paths in the image that match a pattern as typed; false if there are none. */
static bool match_in_image(struct cli_arguments *found, const struct cli_session *session,
                           const char *pattern)
{
    struct cli_text typed = {0};
    struct cli_text normal = {0};
    if (*pattern != '/') {
        add_escaped(&typed, cli_text_string(&session->directory));
        cli_text_add(&typed, "/", 1);
    }
    cli_text_print(&typed, "%s", pattern);
    cli_path_normalise(&normal, cli_text_string(&typed));
    if (normal.size > 0 && pattern[strlen(pattern) - 1] == '/') {
        cli_text_add(&normal, "/", 1);
    }
    bool any = normal.size > 0 && match(found, session, "/", cli_text_string(&normal) + 1);
    found->failed = found->failed || typed.failed || normal.failed;
    cli_text_free(&typed);
    cli_text_free(&normal);
    return any;
}

/* --- operands --------------------------------------------------------------------------------- */

/* The home directory if that is what a path begins with, or NULL. */
static const char *find_home(const char *typed)
{
    bool is_asked = typed[0] == '~' && (typed[1] == '/' || typed[1] == '\0');
    return is_asked ? getenv("HOME") : NULL;
}

void cli_host_path(struct cli_text *path, const char *typed)
{
    const char *home = find_home(typed);
    cli_text_print(path, "%s%s", home != NULL ? home : "", home != NULL ? typed + 1 : typed);
}

/* The same of a pattern; false if there are none. */
static bool match_on_host(struct cli_arguments *found, const char *pattern)
{
    struct cli_text path = {0};
    const char *home = find_home(pattern);
    add_escaped(&path, home != NULL ? home : "");
    cli_text_print(&path, "%s", home != NULL ? pattern + 1 : pattern);
    const char *relative = cli_text_string(&path);
    relative += strspn(relative, "/");
    bool any = match(found, NULL, *cli_text_string(&path) == '/' ? "/" : "", relative);
    found->failed = found->failed || path.failed;
    cli_text_free(&path);
    return any;
}

/*
 * A pattern alone, behind a verb whose sources come from elsewhere than where they go,
 * stands for sources: the last of them is no target. They go where one would.
 */
static bool needs_target(const struct cli_verb *verb, size_t typed, size_t found)
{
    enum cli_hint_kind target = cli_hint_inside(verb, 1, 2);
    return typed == 1 && found > 1 && target != CLI_HINT_TEXT &&
           target != cli_hint_inside(verb, 0, 2);
}

static void add_word(struct cli_arguments *arguments, const char *word, bool of_host)
{
    struct cli_text path = {0};
    if (of_host) {
        cli_host_path(&path, word);
        word = cli_text_string(&path);
    }
    arguments->failed = arguments->failed || path.failed;
    cli_arguments_add(arguments, word);
    cli_text_free(&path);
}

void cli_arguments_expand(struct cli_arguments *arguments, struct cli_session *session,
                          const struct cli_words *words)
{
    const struct cli_verb *verb = session->run->verb;
    struct cli_operand_walk walk = {.verb = verb, .count = cli_operands_count(verb, words)};
    size_t found = 0;
    for (size_t i = 0; i < words->count; i++) {
        const struct cli_word *word = &words->words[i];
        const char *pattern = cli_text_string(&word->pattern);
        enum cli_hint_kind kind = CLI_HINT_TEXT;
        size_t before = arguments->count;
        bool is_operand = cli_operand_next(&walk, word, &kind);
        bool of_host = is_operand && kind == CLI_HINT_HOST;
        bool inside = is_operand && (kind == CLI_HINT_INSIDE || kind == CLI_HINT_DIRECTORY);
        bool any = word->is_pattern && ((inside && match_in_image(arguments, session, pattern)) ||
                                        (of_host && match_on_host(arguments, pattern)));
        if (!any) {
            add_word(arguments, cli_text_string(&word->text), of_host);
        }
        found += is_operand ? arguments->count - before : 0;
    }
    if (needs_target(verb, walk.count, found)) {
        cli_arguments_add(arguments, ".");
    }
}
