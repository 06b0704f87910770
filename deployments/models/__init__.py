from deployments.models.change import DeploymentChange
from deployments.models.deployment import Deployment
from deployments.models.gate import Gate
from deployments.models.use_case import UseCase

__all__ = ["Deployment", "DeploymentChange", "Gate", "UseCase"]
