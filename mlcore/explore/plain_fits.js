/* More plain forms of mlcore under its names, for pages on which something is fitted; plain.js comes first.
   X (m, d) is a list of m rows, y a list of m numbers; a square matrix is a flat array, row after row. */
(() => {
  "use strict";
  const { ACTIVATIONS, forward, softmax } = plain;
  const { sigmoid } = ACTIVATIONS;

  function dot(a, b) {
    const n = a.length;
    let total = 0;
    for (let k = 0; k < n; k++) total += a[k] * b[k];
    return total;
  }

  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const mean = (values) => sum(values) / values.length;
  const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

  /* ------------------------------------------------------------------------------------ linear equations */

  /* L (n, n), lower triangular, with A = L Lᵀ, for a symmetric and positive definite A (n, n). */
  function cholesky(A, n) {
    const L = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let rest = A[i * n + j];
        for (let k = 0; k < j; k++) rest -= L[i * n + k] * L[j * n + k];
        L[i * n + j] = i === j ? Math.sqrt(rest) : rest / L[j * n + j];
      }
    }
    return L;
  }

  /* |v|² with L v = b, for each b of a list: four at a time, so that L is read once for them. */
  function squaredLengths(L, list) {
    const [n, lengths] = [list[0].length, new Float64Array(list.length)];
    const v = new Float64Array(4 * n);
    for (let at = 0; at < list.length; at += 4) {
      const [b0, b1, b2, b3] = fours(list, at);
      for (let i = 0; i < n; i++) {
        let r0 = b0[i], r1 = b1[i], r2 = b2[i], r3 = b3[i], k = i * n, q = 0;
        for (; q < 4 * i; k++, q += 4) {
          const l = L[k];
          r0 -= l * v[q];
          r1 -= l * v[q + 1];
          r2 -= l * v[q + 2];
          r3 -= l * v[q + 3];
        }
        const l = L[k];
        v[q] = r0 / l;
        v[q + 1] = r1 / l;
        v[q + 2] = r2 / l;
        v[q + 3] = r3 / l;
      }
      for (let q = 0; q < v.length; q++) lengths[at + (q % 4)] += v[q] ** 2; // beyond the list's end it is lost
    }
    return lengths;
  }

  /* Four rows of a list from one of them on; beyond its end, zeros. */
  function fours(list, at) {
    return [0, 1, 2, 3].map((k) => list[at + k] ?? new Float64Array(list[0].length));
  }

  /* θ with A θ = b, where A = L Lᵀ. */
  function choleskySolve(L, b) {
    const [n, theta] = [b.length, Float64Array.from(b)];
    for (let i = 0; i < n; i++) { // L v = b
      for (let k = 0; k < i; k++) theta[i] -= L[i * n + k] * theta[k];
      theta[i] /= L[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      theta[i] /= L[i * n + i];
      for (let k = 0; k < i; k++) theta[k] -= L[i * n + k] * theta[i];
    }
    return theta;
  }

  /* ------------------------------------------------------------------------------------- basis functions */

  /* All products of up to `degree` columns, by degree. */
  function monomials(X, degree) {
    return X.map((x) => {
      const row = [];
      let last = [[1, 0]]; // products, and the first column that may still join each
      for (let k = 1; k <= degree; k++) {
        last = last.flatMap(([product, from]) => [...x.keys()].slice(from).map((j) => [product * x[j], j]));
        row.push(...last.map(([product]) => product));
      }
      return Float64Array.from(row);
    });
  }

  /* exp(−‖x − μ‖²/λ) for each row x of X and each row μ of the centres. */
  function rbfFeatures(X, centers, lam) {
    return X.map((x) => {
      const row = new Float64Array(centers.length);
      for (let k = 0; k < row.length; k++) {
        let squared = 0;
        for (let j = 0; j < x.length; j++) squared += (x[j] - centers[k][j]) ** 2;
        row[k] = Math.exp(-squared / lam);
      }
      return row;
    });
  }

  /* ------------------------------------------------------------------------------------ ridge regression */

  /* What all fits to X and y share, whatever δ is: means, centred rows, and their products. */
  function centred(X, y) {
    const [m, n] = [X.length, X[0].length];
    const [xMean, yMean] = [new Float64Array(n), mean(y)];
    for (const x of X) for (let j = 0; j < n; j++) xMean[j] += x[j] / m;
    const Xc = X.map((x) => Float64Array.from(x).map((value, j) => value - xMean[j]));
    const yc = Float64Array.from(y, (value) => value - yMean);
    const [XtX, Xty] = [new Float64Array(n * n), new Float64Array(n)];
    Xc.forEach((x, i) => x.forEach((value, j) => (Xty[j] += value * yc[i])));
    for (let i = 0; i < m; i += 4) {
      const [a, b, c, d] = fours(Xc, i); // so that XtX is gone through a fourth as often
      for (let j = 0; j < n; j++) {
        const aj = a[j], bj = b[j], cj = c[j], dj = d[j], row = j * n;
        for (let k = 0; k <= j; k++) XtX[row + k] += aj * a[k] + bj * b[k] + cj * c[k] + dj * d[k]; // cholesky reads no further
      }
    }
    return { xMean, yMean, Xc, yc, XtX, Xty };
  }

  /* θ, the intercept first and free; residuals e and leverages h of the points; what each is missed by if left out. */
  function ridge({ xMean, yMean, Xc, yc, XtX, Xty }, delta) {
    const n = xMean.length;
    const A = XtX.slice();
    for (let j = 0; j < n; j++) A[j * n + j] += delta ** 2;
    const L = cholesky(A, n);
    const slopes = choleskySolve(L, Xty);
    const e = Xc.map((x, i) => yc[i] - dot(x, slopes));
    const h = Array.from(squaredLengths(L, Xc), (length) => 1 / Xc.length + length);
    return { theta: [yMean - dot(xMean, slopes), ...slopes], e, h, missed: e.map((value, i) => value / (1 - h[i])) };
  }

  const solveRidge = (X, y, delta) => ridge(centred(X, y), delta).theta;
  const leaveOneOut = (X, y, delta) => ridge(centred(X, y), delta).missed;

  /* θ₀ + θᵀφ for each row φ of features. */
  function predict(X, theta) {
    const slopes = Float64Array.from(theta.slice(1));
    return X.map((x) => theta[0] + dot(x, slopes));
  }

  /* ------------------------------------------------------------------------------------------------ lasso */

  const softThreshold = (z, threshold) => Math.sign(z) * Math.max(Math.abs(z) - threshold, 0);

  /* θ, the intercept first: each slope in turn, round and round. */
  function lassoByCoordinateDescent(X, y, delta, sweeps = 1000) {
    const { xMean, yMean, Xc, yc } = centred(X, y);
    const [theta, e] = [new Float64Array(xMean.length), yc.slice()]; // e: the residuals of θ = 0
    const columns = Array.from(theta, (_, j) => Float64Array.from(Xc, (x) => x[j]));
    for (let sweep = 0; sweep < sweeps; sweep++) {
      columns.forEach((x, j) => {
        const [squared, before] = [dot(x, x), theta[j]];
        const c = dot(x, e) + before * squared; // as if column j were not there
        theta[j] = softThreshold(c, delta ** 2 / 2) / squared;
        for (let i = 0; i < e.length; i++) e[i] -= (theta[j] - before) * x[i];
      });
    }
    return [yMean - dot(xMean, theta), ...theta];
  }

  /* ------------------------------------------------------------------------------------------- logistic */

  /* Cost, gradient and Hessian at θ; the rows of X begin with a 1, y is 0 or 1, the intercept is free. */
  function logisticTaylor(theta, X, y, delta) {
    const n = theta.length;
    const [grad, hess] = [new Float64Array(n), new Float64Array(n * n)];
    let value = 0;
    X.forEach((x, i) => {
      const z = dot(x, theta);
      const pi = sigmoid(z);
      value += softplus(z) - y[i] * z;
      for (let j = 0; j < n; j++) {
        grad[j] += (pi - y[i]) * x[j];
        for (let k = 0; k < n; k++) hess[j * n + k] += pi * (1 - pi) * x[j] * x[k];
      }
    });
    for (let j = 1; j < n; j++) {
      value += delta ** 2 * theta[j] ** 2;
      grad[j] += 2 * delta ** 2 * theta[j];
      hess[j * n + j] += 2 * delta ** 2;
    }
    return [value, grad, hess];
  }

  /* The same for K classes; θ (n, K) and Y (m, K) are flat, row after row, and so is the Hessian (nK, nK). */
  function softmaxTaylor(theta, X, Y, delta) {
    const n = X[0].length;
    const [K, N] = [theta.length / n, theta.length];
    const [grad, hess, block] = [new Float64Array(N), new Float64Array(N * N), new Float64Array(n * n)];
    const slopes = X.map((x, i) => {
      const z = new Float64Array(K);
      for (let j = 0; j < n; j++) for (let k = 0; k < K; k++) z[k] += x[j] * theta[j * K + k];
      return LOSSES.softmaxCrossEntropy(z, Y.subarray(i * K, i * K + K));
    });
    let value = sum(slopes.map(([C]) => C));
    for (let k = 0; k < K; k++) {
      for (let l = 0; l <= k; l++) {
        block.fill(0);
        X.forEach((x, i) => {
          const [dk, dl] = [slopes[i][1][k], slopes[i][1][l]]; // π − y
          const S = (dk + Y[i * K + k]) * ((k === l ? 1 : 0) - dl - Y[i * K + l]);
          if (k === l) for (let j = 0; j < n; j++) grad[j * K + k] += dk * x[j];
          for (let j = 0; j < n; j++) for (let h = 0, Sx = S * x[j]; h <= j; h++) block[j * n + h] += Sx * x[h];
        });
        for (let j = 0; j < n; j++) {
          for (let h = 0; h <= j; h++) {
            for (const [a, b] of [[j * K + k, h * K + l], [h * K + k, j * K + l]]) hess[a * N + b] = hess[b * N + a] = block[j * n + h];
          }
        }
      }
    }
    for (let a = K; a < N; a++) {
      value += delta ** 2 * theta[a] ** 2;
      grad[a] += 2 * delta ** 2 * theta[a];
      hess[a * N + a] += 2 * delta ** 2;
    }
    return [value, grad, hess];
  }

  /* θ by Newton's method; a step that does not lower the cost as it should is halved. */
  function newtonBacktracking(taylor, theta, steps = 100, stopBelow = -Infinity) {
    let [value, grad, hess] = taylor(theta);
    for (let step = 0; step < steps && !(value < stopBelow); step++) {
      const way = choleskySolve(cholesky(hess, grad.length), grad);
      const gain = dot(grad, way); // twice what the quadratic model expects to gain
      if (!(gain > 1e-12 * Math.abs(value))) break;
      for (let t = 1; ; t /= 2) {
        const next = theta.map((value, j) => value - t * way[j]);
        const there = taylor(next);
        if (there[0] > value - 1e-4 * t * gain) continue;
        [theta, [value, grad, hess]] = [next, there];
        break;
      }
    }
    return theta;
  }

  /* ------------------------------------------------------------------------------------------- networks */

  const SLOPES = {
    identity: () => 1,
    sigmoid: (z, a) => a * (1 - a),
    tanh: (z, a) => 1 - a ** 2,
    relu: (z) => (z > 0 ? 1 : 0),
  };

  /* Cost C and ∂C/∂z of one example, for its outputs z and its target y. */
  const LOSSES = {
    squaredError: (z, y) => [sum(z.map((value, k) => (value - y[k]) ** 2)), z.map((value, k) => 2 * (value - y[k]))],
    sigmoidCrossEntropy: (z, y) => [
      sum(z.map((value, k) => softplus(value) - y[k] * value)),
      z.map((value, k) => sigmoid(value) - y[k]),
    ],
    softmaxCrossEntropy(z, y) {
      const top = Math.max(...z);
      const logSumExp = top + Math.log(sum(z.map((value) => Math.exp(value - top))));
      return [logSumExp - dot(y, z), softmax(z).map((value, k) => value - y[k])];
    },
  };

  /* Adds ∂C/∂W and ∂C/∂b of one example to `grads`, which has the form of θ: backward_pass of mlcore.mlp. */
  function backward(theta, Z, A, dZ, slope, grads) {
    for (let l = theta.length - 1; l >= 0; l--) {
      const [[W], [dW, db], n] = [theta[l], grads[l], dZ.length];
      const below = new Float64Array(A[l].length);
      for (let k = 0; k < n; k++) db[k] += dZ[k];
      for (let i = 0; i < below.length; i++) {
        for (let k = 0; k < n; k++) {
          dW[i * n + k] += A[l][i] * dZ[k];
          below[i] += W[i * n + k] * dZ[k];
        }
      }
      if (l) dZ = below.map((value, i) => value * slope(Z[l - 1][i], A[l][i]));
    }
  }

  /* Mean gradient of the cost J/m on a batch, with weight decay, in the form of θ; the mean cost before it. */
  function batchGradient(theta, X, Y, activation, loss, decay = 0) {
    const grads = theta.map((pair) => pair.map((array) => new Float64Array(array.length)));
    const costs = X.map((x, i) => {
      const [Z, A] = forward(theta, x, ACTIVATIONS[activation]);
      const [C, dZ] = LOSSES[loss](Z.at(-1), Y[i]);
      backward(theta, Z, A, dZ.map((value) => value / X.length), SLOPES[activation], grads);
      return C;
    });
    theta.forEach(([W], l) => W.forEach((w, k) => (grads[l][0][k] += decay * w)));
    return [mean(costs), grads];
  }

  /* The steps of one array, and what is remembered for the next; at first nothing. */
  const sgdStep = (grad, _, { eta }) => [grad.map((g) => -eta * g)];

  function momentumStep(grad, last, { eta, alpha }) {
    const step = grad.map((g, k) => alpha * (last?.[k] ?? 0) - (1 - alpha) * eta * g);
    return [step, step];
  }

  function adamStep(grad, state, { eta, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }) {
    const zero = new Float64Array(grad.length);
    const [before, mean, square] = state ?? [0, zero, zero];
    const k = before + 1;
    const u = grad.map((g, j) => beta1 * mean[j] + (1 - beta1) * g);
    const v = grad.map((g, j) => beta2 * square[j] + (1 - beta2) * g ** 2);
    const step = u.map((value, j) => (-eta * (value / (1 - beta1 ** k))) / (Math.sqrt(v[j] / (1 - beta2 ** k)) + epsilon));
    return [step, [k, u, v]];
  }

  /* θ after mini-batch descent on J/m; `batches` lists the row numbers of each step, `rule` is one of the steps above. */
  function trainNetwork(theta, X, Y, { activation, loss, batches, rule = sgdStep, delta = 0, ...rates }) {
    const [decay, states] = [(2 * delta ** 2) / X.length, theta.map(() => [])];
    for (const rows of batches) {
      const pick = (list) => rows.map((i) => list[i]);
      const [, grads] = batchGradient(theta, pick(X), pick(Y), activation, loss, decay);
      theta = theta.map((pair, l) =>
        pair.map((array, part) => {
          const [step, state] = rule(grads[l][part], states[l][part], rates);
          states[l][part] = state;
          return array.map((value, k) => value + step[k]);
        }),
      );
    }
    return theta;
  }

  /* W (nIn, nOut); `random()` is uniform between 0 and 1, `normal()` has mean 0 and variance 1. */
  const fill = (nIn, nOut, number) => Float64Array.from({ length: nIn * nOut }, number);
  const between = (r, random) => () => r * (2 * random() - 1);
  const glorotUniform = (nIn, nOut, random) => fill(nIn, nOut, between(Math.sqrt(6 / (nIn + nOut)), random));
  const glorotNormal = (nIn, nOut, normal) => fill(nIn, nOut, () => Math.sqrt(2 / (nIn + nOut)) * normal());
  const heUniform = (nIn, nOut, random) => fill(nIn, nOut, between(Math.sqrt(6 / nIn), random));
  const heNormal = (nIn, nOut, normal) => fill(nIn, nOut, () => Math.sqrt(2 / nIn) * normal());

  Object.assign(plain, { LOSSES, SLOPES, backward, batchGradient, cholesky, choleskySolve });
  Object.assign(plain, { centred, leaveOneOut, monomials, predict, rbfFeatures, ridge, solveRidge });
  Object.assign(plain, { lassoByCoordinateDescent, softThreshold, logisticTaylor, softmaxTaylor, newtonBacktracking });
  Object.assign(plain, { sgdStep, momentumStep, adamStep, trainNetwork });
  Object.assign(plain, { glorotUniform, glorotNormal, heUniform, heNormal });
})();
