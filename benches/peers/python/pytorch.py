"""The step in PyTorch: eager, as it is usually written, and compiled as a whole by torch.compile."""

import grid

THREADS = grid.threads_from_command_line()

import torch  # noqa: E402

torch.set_num_threads(THREADS)
torch.set_num_interop_threads(1)
torch.set_default_dtype(torch.float64)
# Every point is a new shape for the same function: each is compiled for itself, and all are kept.
torch._dynamo.config.recompile_limit = 1000

PHI = {"relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


def loss_of(weights, biases, x, y, phi):
    a = x
    for w, b in zip(weights[:-1], biases[:-1]):
        a = phi(torch.addmm(b, a, w))
    y_hat = torch.addmm(biases[-1], a, weights[-1])
    return 0.5 * (y_hat - y).square().sum() / len(x)


class Training:
    def __init__(self, point):
        self.point = point
        self.phi = PHI[point.activation]
        self.x, self.y = torch.from_numpy(point.inputs()), torch.from_numpy(point.targets())

    def fresh(self):
        self.weights = [torch.from_numpy(w).requires_grad_(self.needs_grad) for w in self.point.weights()]
        self.biases = [torch.zeros(w.shape[1], requires_grad=self.needs_grad) for w in self.weights]

    def run(self, steps):
        for _ in range(steps):
            self.value = self.step()

    def loss(self):
        return self.value.item()


class Eager(Training):
    needs_grad = True

    def fresh(self):
        super().fresh()
        # The fastest of what PyTorch offers here: a foreach takes longer, and so does a loop of `add_`, on all but small networks.
        self.sgd = torch.optim.SGD(self.weights + self.biases, lr=grid.LEARNING_RATE, fused=True)

    def step(self):
        self.sgd.zero_grad()
        value = loss_of(self.weights, self.biases, self.x, self.y, self.phi)
        value.backward()
        self.sgd.step()
        return value.detach()


class Compiled(Training):
    needs_grad = False

    def __init__(self, point):
        super().__init__(point)
        phi = self.phi
        gradient_of = torch.func.grad_and_value(lambda w, b, x, y: loss_of(w, b, x, y, phi), argnums=(0, 1))

        def step(weights, biases, x, y):
            (dw, db), value = gradient_of(weights, biases, x, y)
            torch._foreach_add_(weights, dw, alpha=-grid.LEARNING_RATE)
            torch._foreach_add_(biases, db, alpha=-grid.LEARNING_RATE)
            return value

        self.compiled = torch.compile(step, dynamic=False, fullgraph=True)

    def step(self):
        return self.compiled(self.weights, self.biases, self.x, self.y)


grid.serve("pytorch", THREADS, {"eager": grid.training(Eager), "compiled": grid.training(Compiled)})
