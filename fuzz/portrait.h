/* SPDX-License-Identifier: MIT */
/*
 * A model made after a volume that somebody else made.
 */
#ifndef LFSKIT_FUZZ_PORTRAIT_H
#define LFSKIT_FUZZ_PORTRAIT_H

#include "model.h"

/*
 * Puts what can be read of the volume into an empty model. True if that is all
 * there is: every name can be a path's, is found by it, and all can be modelled.
 */
bool portrait_draw(struct model *model, struct lfk_fs *fs);

#endif
