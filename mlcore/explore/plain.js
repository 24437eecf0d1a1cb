/* The plain forms of mlcore once more, under its names, for panels that compute in the page.
   A matrix W (n_in, n_out) is a flat array, row after row; theta is a list of pairs [W, b]. */
globalThis.plain = (() => {
  "use strict";

  function sigmoid(z) {
    const e = Math.exp(-Math.abs(z)); // never above 1
    return (z > 0 ? 1 : e) / (1 + e);
  }

  function tanh(z) {
    return Math.tanh(z);
  }

  function relu(z) {
    return Math.max(z, 0);
  }

  function identity(z) {
    return z;
  }

  const ACTIVATIONS = { identity, sigmoid, tanh, relu };

  /* Scores to probabilities; at the largest score the exponential is 1, and nowhere more. */
  function softmax(z) {
    const top = Math.max(...z);
    const e = Float64Array.from(z, (score) => (score === top ? 1 : Math.exp(score - top)));
    const sum = e.reduce((a, b) => a + b);
    return e.map((share) => share / sum);
  }

  /* x W + b for one example x. */
  function linear(W, b, x) {
    const z = Float64Array.from(b);
    x.forEach((value, i) => {
      if (value === 0) return; // paper
      for (let j = 0; j < z.length; j++) z[j] += value * W[i * z.length + j];
    });
    return z;
  }

  /* What each linear layer gives and takes, [Z, A], for one example x: forward_pass of mlcore.mlp. */
  function forward(theta, x, activation) {
    const [Z, A] = [[], [x]];
    for (const [W, b] of theta) {
      Z.push(linear(W, b, A.at(-1)));
      A.push(Z.at(-1).map((z) => activation(z)));
    }
    return [Z, A.slice(0, -1)]; // none behind the last
  }

  return { ACTIVATIONS, forward, linear, softmax };
})();
