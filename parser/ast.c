/* The names of what trees are made of; see ast.h. */
#include "parser/ast.h"

static const char *const spellings[] = {
    "",
#define OPERATOR(token, spelling, power, documentation) spelling,
#include "grammar/operators.def"
#undef OPERATOR
};

const char *operator_spelling(enum operator operator)
{
    return spellings[operator];
}
