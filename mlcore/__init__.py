"""The mathematics of the book, in NumPy alone.

Estimators have ``fit(X, y)`` and ``predict(X)``; what a fit finds ends in ``_``. Everything is float64
(networks also float32, if asked for), no argument is changed in place (but the state of `Adam` and the arrays
of a network, which say so), and bad input is a ``ValueError`` that says what was expected and what came.

One-letter names, here and in the chapters
------------------------------------------
==========  =============  ===================================================================================
name        shape          meaning
==========  =============  ===================================================================================
m                          number of examples (rows)
d                          number of features (columns, without the constant)
X           (m, d)         one example a row; the column of ones is never part of it
x           (d,) or (m,)   one example, or the values of a single feature
y           (m,)           targets
θ, theta    (d + 1,)       parameters, the intercept θ₀ first; ``theta_`` is the fitted θ̂
ŷ, y_hat    (m,)           predictions θ₀ + Xθ₁…d
e           (m,)           residuals y − ŷ
h           (m,)           leverages, the diagonal of the hat matrix H in ŷ = Hy
σ, sigma                   standard deviation of the noise
δ, delta                   strength of a penalty: δ²‖θ‖² (ridge) or δ²‖θ‖₁ (lasso), the intercept free
λ, lam                     width of a kernel exp(−‖x − μ‖²/λ), in squared units of x
μ, centers  (n, d)         centres of the kernels
Q, R        (m, d) (d, d)  orthonormal columns and upper triangle, X = QR
p                          a probability, of 1 in a Bernoulli distribution
Σ, Sigma    (d, d)         covariance matrix
U, s, V     (m, k) (k,)    singular value decomposition X = U diag(s) Vᵀ, V of shape (d, k)
W, b        (n, k) (k,)    weights and biases of a layer with n inputs and k outputs: a = g(zW + b)
z, a        (m, n) (m, k)  input and output of a layer, examples in rows; in `Layer.backward`, δ is ∂C/∂a
==========  =============  ===================================================================================
"""

from . import initialise
from ._checks import (
    ConvergenceWarning,
    DivergenceWarning,
    NearSingularWarning,
    NumericalWarning,
    RankDeficiencyWarning,
    SeparableDataWarning,
)
from .basis import StandardScaler, polynomial, polynomial_names, rbf
from .chain import forward_accumulation, reverse_accumulation
from .functions import log_sum_exp, logit, one_hot, sigmoid, softmax, softplus
from .gradcheck import gradcheck, gradient_errors
from .lasso import Lasso, LassoPath, lasso_kkt, lasso_path, soft_threshold
from .layers import (
    ELU,
    Identity,
    LeakyReLU,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    SigmoidCrossEntropy,
    SoftmaxCrossEntropy,
    Softplus,
    SquaredError,
    Tanh,
)
from .linear import LinearRegression
from .logistic import LogisticRegression
from .mlp import MLPClassifier, MLPRegressor, cost_and_grad
from .objectives import LeastSquares, LogisticNLL, Objective, SoftmaxNLL
from .optimisers import (
    SGD,
    Adagrad,
    Adam,
    Minimum,
    Momentum,
    RMSProp,
    irls,
    lbfgs,
    minibatches,
    minimise,
    newton,
)
from .probability import Bernoulli, Gaussian, MultivariateGaussian, empirical_cov, empirical_mean
from .rbf_regression import RBFRegression, rbf_grid
from .ridge import Ridge, ridge_dof, ridge_loo, ridge_path
from .softmax_regression import SoftmaxRegression

__version__ = "0.1.0"

# all that is imported above; without the modules that it stands in
_here = {name for name, value in globals().items() if getattr(value, "__module__", "").startswith("mlcore.")}
__all__ = sorted({"initialise", *_here})
