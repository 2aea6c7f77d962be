"""The fakes of both connectors."""

from viche_connector_meta.fake_facebook import FacebookFake

FAKES = {"facebook": FacebookFake}
