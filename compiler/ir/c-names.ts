/** Names that emitted C must not give to its own things. */

const keywords =
  "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
  "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof " +
  "bool catch class constexpr delete explicit export false friend mutable namespace new nullptr operator private " +
  "protected public template this throw true try typename using virtual wchar_t and or not xor bitand bitor compl";

/** Functions that compilers know without a header, and names that the included headers bring. */
const library =
  "main abort exit malloc calloc realloc free alloca abs labs llabs div index rindex signal strlen strcmp strcpy memcpy memset memcmp " +
  "printf puts putchar scanf isalpha isdigit islower isupper isspace isprint toupper tolower exp exp2 expm1 log log2 log10 log1p " +
  "pow pow10 sqrt cbrt hypot sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh ceil floor round trunc rint lrint " +
  "fabs fmod fmin fmax fma fdim ldexp frexp modf scalb scalbn logb ilogb nan erf erfc gamma lgamma tgamma j0 j1 jn y0 y1 yn " +
  "remainder significand drem ffs clog cexp creal cimag carg conj cabs csqrt cpow unix linux i386 NULL offsetof errno stdin stdout";

const reserved: ReadonlySet<string> = new Set(`${keywords} ${library}`.split(" "));

/** Whether C, C++ or their libraries already mean something by the name. */
export const isReservedInC = (name: string): boolean => reserved.has(name) || /^_[_A-Z]/.test(name) || /^u?int\w*_t$/.test(name);

/** The nearest C identifier. */
export const identifier = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d|$)/, "n");
