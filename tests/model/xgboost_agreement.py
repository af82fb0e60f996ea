"""Compares a model and its figures with the xgboost package. Usage: xgboost_agreement.py DIRECTORY

DIRECTORY holds model.ubj, parameters.txt (name value), train.csv (target, weight, columns), test.csv (our probability,
target, columns) and metrics.txt (name value). Exit 77: there is no xgboost here. Prints the largest difference."""
import sys

try:
    import numpy as np
    import xgboost as xgb
except ImportError:
    sys.exit(77)

directory = sys.argv[1]
parameters = dict(line.split() for line in open(directory + "/parameters.txt"))
figures = {name: float(value) for name, value in (line.split() for line in open(directory + "/metrics.txt"))}
train = np.genfromtxt(directory + "/train.csv", delimiter=",", dtype=np.float64)
test = np.genfromtxt(directory + "/test.csv", delimiter=",", dtype=np.float64)
matrix = xgb.DMatrix(test[:, 2:].astype(np.float32), label=test[:, 1])

loaded = xgb.Booster(model_file=directory + "/model.ubj")
difference = np.abs(loaded.predict(matrix) - test[:, 0]).max()
print("loaded model", difference)
assert difference < 1e-6

rounds = int(parameters.pop("rounds"))
parameters.pop("disable_default_eval_metric")
learn = xgb.DMatrix(train[:, 2:].astype(np.float32), label=train[:, 0], weight=train[:, 1])
again = xgb.train(parameters, learn, rounds)
difference = np.abs(again.predict(matrix) - test[:, 0]).max()
print("trained again", difference)
assert difference < 1e-6

loaded.set_param([("eval_metric", name) for name in ("logloss", "auc", "error", "rmse")])
theirs = {}
for part in loaded.eval(matrix, "test").split("\t")[1:]:
    name, value = part.split(":")
    theirs[name.split("-", 1)[1]] = float(value)
for name, ours in (("logloss", figures["log_loss"]), ("auc", figures["auc"]), ("error", 1 - figures["accuracy"]),
                   ("rmse", figures["brier"] ** 0.5)):
    print(name, abs(theirs[name] - ours))
    assert abs(theirs[name] - ours) < 2e-6, (name, theirs[name], ours)

shap = loaded.predict(matrix, pred_contribs=True)
ours = np.genfromtxt(directory + "/contributions.csv", delimiter=",")
difference = np.abs(shap[: len(ours), :-1] - ours).max()
print("contributions", difference)
assert difference < 2e-5
