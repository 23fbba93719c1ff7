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

/** What the emitted file and the programs of bnmc around it define themselves. */
const own =
  "FUNCTION SINGLE OPAQUE NAKED ASSEMBLY HIDDEN hidden arena board_init board_write board_ticks board_ticks_since SystemInit Delay_Ms " +
  "demo_run demo_all demo_classify demo_input demo_logits demo_samples demo_labels demo_answers demo_checksums demo_checksum demo_print " +
  "demo_print_number demo_print_with DEMO_SAMPLES driver_given driver_input driver_logits driver_answer driver_classify driver_semihost driver_open driver_transfer";

/** Macros of stdint.h and stddef.h, and their types. */
const standard =
  /^(U?INT\w*_(MIN|MAX|C)|(SIZE|PTRDIFF|WCHAR|WINT|SIG_ATOMIC)_(MIN|MAX)|(size|ptrdiff|wchar|max_align|nullptr)_t|u?int\w*_t)$/;

const reserved: ReadonlySet<string> = new Set(`${keywords} ${library} ${own}`.split(" "));

/** Whether C, C++, their libraries or bnmc's own programs already mean something by the name. */
export const isReservedInC = (name: string): boolean => reserved.has(name) || /^_[_A-Z]/.test(name) || standard.test(name);

/** The nearest C identifier. */
export const identifier = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d|$)/, "n");

/** `fc_mnist` → `FC_MNIST`: the prefix of macros and constants. */
export const macroPrefix = (model: string): string => identifier(model).toUpperCase();

/** The macros of a model's header. */
export const headerMacros = (model: string): readonly string[] =>
  ["H", "INPUTS", "CLASSES"].map((macro) => `${macroPrefix(model)}_${macro}`);

const headers =
  "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef stdint " +
  "stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype ch32fun funconfig";

/** What a model's files are called before their extension: its name, unless its header would hide another. */
export const fileName = (model: string): string => (headers.split(" ").includes(model) ? `${model}_model` : model);
