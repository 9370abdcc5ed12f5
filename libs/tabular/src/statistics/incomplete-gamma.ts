const STEPS_MAX = 10_000;
const PRECISION = 1e-16;
const SMALLEST = 1e-300;

/**
 * Regularized upper incomplete gamma function Q(a, x), the tail of the chi-square distribution: a series below the
 * bulk of it, a continued fraction by Lentz's method above (Press et al., Numerical Recipes, 2007, 6.2).
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * continuedFraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < STEPS_MAX && Math.abs(term) > Math.abs(sum) * PRECISION; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / SMALLEST;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < STEPS_MAX; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / atLeast(numerator * d + b);
    c = atLeast(b + numerator / c);
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return fraction;
}

const atLeast = (value: number) => (Math.abs(value) < SMALLEST ? SMALLEST : value);

// Lanczos' approximation with g = 7 and nine terms (P. Godfrey), good to about 15 digits.
const COEFFICIENTS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The logarithm of the gamma function of a number above zero. */
function logGamma(value: number): number {
  const x = value - 1;
  const [first, ...others] = COEFFICIENTS;
  const sum = others.reduce(
    (total, coefficient, index) => total + coefficient / (x + index + 1),
    first as number,
  );
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}
