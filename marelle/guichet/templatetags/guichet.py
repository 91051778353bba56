"""What the templates of the desk ask of an agent."""

from django import template

from marelle.comptes.models import Agent

register = template.Library()


@register.filter
def peut(agent: Agent, droit: str) -> bool:
    """`{% if request.agent|peut:"gerer_familles" %}`: whether a button is of use to this agent."""
    return agent.peut(droit)
