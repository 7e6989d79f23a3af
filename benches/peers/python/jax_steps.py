"""The step in JAX: once as a call a step, as most training loops are written, and once with all steps in one compiled loop."""

import grid

THREADS = grid.threads_from_command_line()

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

PHI = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh}


def step_of(point):
    """The step as a function of the parameters, x and y: gives the new parameters and the loss."""
    phi = PHI[point.activation]

    def loss(parameters, x, y):
        a = x
        for w, b in parameters[:-1]:
            a = phi(a @ w + b)
        w, b = parameters[-1]
        return 0.5 * jnp.sum((a @ w + b - y) ** 2) / point.batch

    def step(parameters, x, y):
        value, gradient = jax.value_and_grad(loss)(parameters, x, y)
        return jax.tree.map(lambda p, g: p - grid.LEARNING_RATE * g, parameters, gradient), value

    return step


class Training:
    def __init__(self, point):
        self.point = point
        self.x, self.y = jnp.asarray(point.inputs()), jnp.asarray(point.targets())

    def fresh(self):
        self.parameters = [(jnp.asarray(w), jnp.zeros(w.shape[1])) for w in self.point.weights()]

    def loss(self):
        return float(self.value)


class CallPerStep(Training):
    def __init__(self, point):
        super().__init__(point)
        # Donated, the old parameters' memory becomes the new ones'.
        self.step = jax.jit(step_of(point), donate_argnums=0)

    def run(self, steps):
        for _ in range(steps):
            self.parameters, self.value = self.step(self.parameters, self.x, self.y)
        jax.block_until_ready(self.parameters)


class OneLoop(Training):
    def __init__(self, point):
        super().__init__(point)
        step = step_of(point)

        def loop(parameters, x, y, steps):
            start = (parameters, jnp.zeros(()))
            return jax.lax.fori_loop(0, steps, lambda _, state: step(state[0], x, y), start)

        # The number of steps is an argument, so that one compilation does for all.
        self.loop = jax.jit(loop, donate_argnums=0)

    def run(self, steps):
        self.parameters, self.value = self.loop(self.parameters, self.x, self.y, steps)
        jax.block_until_ready(self.parameters)


grid.serve(
    "jax",
    THREADS,
    {
        "jit, a call a step": grid.training(CallPerStep),
        # A longer block, so that the one call that starts the loop is not seen.
        "steps in one loop": grid.training(OneLoop, block_seconds=10e-3),
    },
)
